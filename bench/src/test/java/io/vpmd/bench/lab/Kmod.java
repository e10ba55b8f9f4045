// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.qtest.Lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The guest that the tests of kni.ko share: its kernel checks memory, and a warning is its end.
 * What is loaded is what kmod/build has made.
 */
final class Kmod {
    private static final Path FOLDER = Path.of("..", "kmod", "target").toAbsolutePath().normalize();
    private static final String CHECKS =
            "slub_debug=FZPU page_poison=1 init_on_free=1 panic_on_warn=1 oops=panic";

    private static @Nullable Guest guest;

    private Kmod() {}

    /** The guest with kni.ko loaded, booted by the first who asks, ended with the JVM. */
    static synchronized Guest guest() {
        Lab.need(Lab.guestMissing());
        assumeTrue(Files.exists(module()), "needs " + module() + "; run kmod/build");
        if (guest == null || !guest.running()) {
            if (guest != null) {
                guest.close();
            }
            guest = null;
            Guest booted = new GuestMachine().processors(2).kernel(CHECKS).boot();
            guest = booted;
            // The share with this machine is busy for a while after the boot.
            booted.check(
                    "cp %s %s %s /run"
                            .formatted(
                                    Guest.seen(module()),
                                    Guest.seen(FOLDER.resolve("owner")),
                                    Guest.seen(FOLDER.resolve("fuzz"))));
            booted.check("insmod /run/kni.ko && dmesg -C");
        }
        return guest;
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

    private static Path module() {
        try {
            String release = Files.readString(Lab.home().resolve("guest/release")).strip();
            return FOLDER.resolve(release).resolve("kni.ko");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script that becomes an owner of kmod/test/owner.c. */
    static String owner(String line) {
        return "exec /run/owner " + line;
    }

    /** Fails if an interface or a user of the module is there, or the kernel has warned. */
    static void nothingIsLeft(Guest guest) {
        assertEquals("", guest.check("ls /sys/class/net | grep vEth || true"));
        assertEquals("0", guest.check("cat /sys/module/kni/refcnt").strip());
        String said =
                guest.check(
                        "dmesg -l emerg,alert,crit,err,warn"
                                // Of an emulated processor that had to wait for this machine.
                                + " | grep -v -e 'hrtimer: interrupt took' -e clocksource || true");
        assertEquals("", said);
    }
}
