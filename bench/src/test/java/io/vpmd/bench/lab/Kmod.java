// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.qtest.Lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The guest that the tests of kni.ko share: its kernel checks memory, and a warning is its end.
 * What is loaded is what kmod/build has made.
 */
final class Kmod {
    private static final Path FOLDER = Path.of("..", "kmod", "target").toAbsolutePath().normalize();
    private static final List<String> PROGRAMS =
            List.of("owner", "fuzz", "link", "frames", "failing");

    /** The kernel checks memory, and ends at a warning. */
    static final String CHECKS =
            "slub_debug=FZPU page_poison=1 init_on_free=1 panic_on_warn=1 oops=panic";

    private static @Nullable Guest guest;

    private Kmod() {}

    /** The guest with kni.ko loaded, booted by the first who asks, ended with the JVM. */
    static synchronized Guest guest() {
        if (guest == null || !guest.running()) {
            if (guest != null) {
                guest.close();
            }
            guest = null;
            guest = boot(GuestMachine.DEBIAN_12, CHECKS);
        }
        return guest;
    }

    /**
     * Boots a guest with a kernel of the lab, as {@link GuestMachine#lab}, and loads kni.ko; the
     * caller closes it.
     */
    static Guest boot(String lab, String arguments) {
        Lab.need(Lab.guestMissing(lab));
        needModule(lab);
        Guest booted = new GuestMachine().lab(lab).processors(2).kernel(arguments).boot();
        try {
            // The share with this machine is busy for a while after the boot.
            for (String program : PROGRAMS) {
                booted.check("cp " + Guest.seen(FOLDER.resolve(program)) + " /run");
            }
            load(booted, lab);
        } catch (RuntimeException | Error e) {
            booted.close();
            throw e;
        }
        return booted;
    }

    /** Skips the test if there is no kni.ko for a kernel of the lab. */
    static void needModule(String lab) {
        Path module = module(lab);
        assumeTrue(Files.exists(module), "needs " + module + "; run kmod/build");
    }

    /** Loads it into a guest that has the kernel. */
    static void load(Guest booted, String lab) {
        booted.check("cp " + Guest.seen(module(lab)) + " /run && insmod /run/kni.ko && dmesg -C");
    }

    /** Unloads the module, if the guest was booted, and ends the guest. */
    static synchronized void unload() {
        Guest booted = guest;
        guest = null;
        if (booted != null && booted.running()) {
            try (booted) {
                booted.check("rmmod kni");
            }
        }
    }

    private static Path module(String lab) {
        try {
            String release = Files.readString(Lab.home().resolve(lab).resolve("release")).strip();
            return FOLDER.resolve(release).resolve("kni.ko");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script that becomes an owner of kmod/test/owner.c. */
    static String owner(String line) {
        return "exec /run/owner " + line;
    }

    /** Waits until a command succeeds. */
    static void await(Guest guest, String command) {
        guest.check("for i in $(seq 600); do " + command + " && exit 0; sleep 0.1; done; exit 1");
    }

    /** Waits until nobody has a vEth0. */
    static void awaitGone(Guest guest) {
        await(guest, "[ ! -e /sys/class/net/vEth0 ]");
    }

    /** Gives vEth0, once it is there, the address of a network with 24 bits, and sets it up. */
    static void up(Guest guest, String address) {
        await(guest, "[ -e /sys/class/net/vEth0 ]");
        guest.check("ip addr add " + address + "/24 dev vEth0 && ip link set vEth0 up");
    }

    /** Five requests get their five answers, whatever else was on the way when they began. */
    static void pings(Guest guest, String to) {
        pings(guest, "", to);
    }

    /** The same behind a command that runs another. */
    static void pings(Guest guest, String behind, String to) {
        String said = guest.check(behind + "ping -c 5 -i 0.2 -w 60 " + to);
        assertTrue(said.contains(" 5 received"), said);
    }

    /** Fails if an interface or a user of the module is there, or the kernel has warned. */
    static void nothingIsLeft(Guest guest) {
        assertEquals("", guest.check("ls /sys/class/net | grep vEth || true"));
        assertEquals("0", guest.check("cat /sys/module/kni/refcnt").strip());
        String said =
                guest.check(
                        "dmesg -l emerg,alert,crit,err,warn"
                                // Of an emulated processor that had to wait for this machine; of a
                                // packet on its way to an interface whose queues are gone by then.
                                + " | grep -v -e 'hrtimer: interrupt took' -e clocksource"
                                + " -e 'real number of TX queues is 0' || true");
        assertEquals("", said);
    }
}
