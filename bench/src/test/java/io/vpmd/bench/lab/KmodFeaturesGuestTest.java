// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/**
 * Interfaces of kni.ko that are listed, outlive their owner, and are deleted; its parameters (T2).
 * With {@code VPMD_SOAK=1} all combinations of parameters, and in Java all that a tap is tested
 * with; else one and some of that.
 */
@Tag("guest")
@Timeout(900)
class KmodFeaturesGuestTest {
    private static final int SECONDS = 60;
    private static final int JAVA_SECONDS = 600;
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));

    private static final List<String> LO_MODES =
            List.of("lo_mode_none", "lo_mode_fifo", "lo_mode_fifo_skb");

    private static final List<String> ALL_IN_JAVA =
            List.of(
                    "io.vpmd.kni.KmodLifeContract",
                    "io.vpmd.kni.KmodRequestsContract",
                    "io.vpmd.kni.KmodApiContract");
    private static final List<String> SOME_IN_JAVA =
            List.of(
                    "io.vpmd.kni.KmodLifeContract",
                    "io.vpmd.kni.KmodRequestsContract#aSynchronousRefusalFailsTheChange",
                    "io.vpmd.kni.KmodRequestsContract#everyKindOfChangeArrivesWithin50Millis",
                    "io.vpmd.kni.KmodApiContract");

    /* Softirqs take less than a third of a processor, in ticks of ten milliseconds. */
    private static final String QUIET =
            """
            before=$(awk '/^cpu / {print $8}' /proc/stat)
            sleep 2
            after=$(awk '/^cpu / {print $8}' /proc/stat)
            echo "$((after - before)) of 200"
            [ $((after - before)) -lt 66 ]
            """;

    @AfterEach
    void nothingIsLeft() {
        Kmod.nothingIsLeft(Kmod.guest());
    }

    private static String said(Guest guest, String line) {
        return guest.check("( " + line + " 2>&1 ) || true");
    }

    private static String owner(Guest guest, String line) {
        return said(guest, Kmod.owner(line));
    }

    /** Waits for the interface to have lost its owner. */
    private static void awaitOrphan(Guest guest) {
        Kmod.await(guest, "/run/owner query vEth0 | grep -q 'owner 0 '");
    }

    @Test
    void interfacesAreListed() {
        Guest guest = Kmod.guest();
        guest.check("ip netns add kl");
        try (GuestCommand here = guest.start(Kmod.owner("echo vEth0 10.9.0.2"));
                GuestCommand there =
                        guest.start("exec ip netns exec kl /run/owner echo vEth0 10.9.0.2")) {
            here.awaitOutput("ready vEth0", SECONDS);
            there.awaitOutput("ready vEth0", SECONDS);
            String all = owner(guest, "list");
            assertEquals(2, all.lines().count(), all);
            String one = owner(guest, "query vEth0");
            assertTrue(one.contains("handler 0 queues 1 entries 256 256 modes 32 core 0"), one);
            assertTrue(all.contains(one.strip()), all);
            String pid = one.replaceAll("(?s).* owner ([0-9]+) .*", "$1");
            assertEquals("owner", guest.check("cat /proc/" + pid + "/comm").strip());
            String namespace = guest.check("stat -Lc %i /proc/" + pid + "/ns/net").strip();
            assertTrue(one.contains(" namespace " + namespace + " "), one);
            // Who may administer nothing sees its own namespace only.
            guest.check("chmod 666 /dev/kni");
            String seen =
                    said(
                            guest,
                            "exec setpriv --bounding-set -all --inh-caps -all --reuid 65534"
                                    + " --clear-groups /run/owner list");
            // Pids are seen by everybody.
            assertEquals(one, seen);
        } finally {
            guest.check("chmod 600 /dev/kni; ip netns del kl");
        }
        assertEquals("", owner(guest, "list"));
        String none = owner(guest, "query vEth0");
        assertTrue(none.contains("kni.ko has no such interface"), none);
    }

    @Test
    void aPersistentInterfaceWaitsForItsNextOwner() {
        Guest guest = Kmod.guest();
        try (GuestCommand first = guest.start(Kmod.owner("persist vEth0 10.9.0.2"))) {
            first.awaitOutput("ready vEth0", SECONDS);
            Kmod.up(guest, "10.9.0.1");
            guest.check("ip route add 10.10.0.0/16 via 10.9.0.2");
            Kmod.pings(guest, "10.9.0.2");
            first.signal("KILL");
            awaitOrphan(guest);
        }
        String kept = guest.check("ip addr show vEth0; ip route");
        assertTrue(kept.contains("NO-CARRIER"), kept);
        assertTrue(kept.contains("10.9.0.1/24"), kept);
        assertTrue(kept.contains("10.10.0.0/16"), kept);
        guest.check("ip link set vEth0 mtu 1400; ping -f -c 20 -W 1 10.9.0.2 > /dev/null; true");
        String busy = said(guest, "rmmod kni");
        assertTrue(busy.contains("in use"), busy);
        String carrier = said(guest, "ip link set vEth0 carrier on");
        assertTrue(carrier.contains("Network is down"), carrier);
        try (GuestCommand second = guest.start(Kmod.owner("persist vEth0 10.9.0.2"))) {
            second.awaitOutput("ready vEth0 ", SECONDS).awaitOutput("again", SECONDS);
            Kmod.pings(guest, "10.9.0.2");
            assertTrue(guest.check("ip link show vEth0").contains("mtu 1400"));
            String taken = owner(guest, "persist vEth0 10.9.0.2");
            assertTrue(taken.contains("there is an interface vEth0 already"), taken);
            second.signal("KILL");
            awaitOrphan(guest);
        }
        // Nothing of the owners is pinned any more, while the interface is there.
        assertEquals("0", guest.check(PINNED).strip());
        // One that does not ask for persistence takes it along.
        try (GuestCommand third = guest.start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            third.awaitOutput("again", SECONDS);
        }
        Kmod.awaitGone(guest);
    }

    private static final String PINNED =
            """
            echo 1 > /proc/sys/vm/stat_refresh
            awk '/foll_pin_acquired/ {a = $2} /foll_pin_released/ {r = $2} END {print a - r}' \
            /proc/vmstat
            """;

    @Test
    void aPersistentInterfaceIsReleasedOrDeleted() {
        Guest guest = Kmod.guest();
        for (String end : new String[] {"/run/owner release vEth0", "ip link del vEth0"}) {
            try (GuestCommand first = guest.start(Kmod.owner("persist vEth0 10.9.0.2"))) {
                first.awaitOutput("ready vEth0", SECONDS);
                first.signal("KILL");
                awaitOrphan(guest);
            }
            guest.check(end);
            assertFalse(guest.check("ls /sys/class/net").contains("vEth0"));
            Kmod.nothingIsLeft(guest);
        }
    }

    /** An owner whose interface others delete, or with its namespace, lives on. */
    @Test
    void anInterfaceIsDeletedUnderItsOwner() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start(Kmod.owner("flood vEth0"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            guest.check("ip link set vEth0 up; sleep 0.2; ip link del vEth0");
            assertFalse(guest.check("ls /sys/class/net").contains("vEth0"));
            guest.check("sleep 0.2; pgrep -x owner");
        }
        guest.check("ip netns add kd");
        try (GuestCommand owner = guest.start(Kmod.owner("flood vEth0"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            guest.check("ip link set vEth0 netns kd; ip -n kd link set vEth0 up; sleep 0.2");
            guest.check("ip netns del kd; sleep 0.5; pgrep -x owner");
            assertEquals("", owner(guest, "list"));
        }
    }

    @Test
    void loopbackBringsBackWhatIsSent() {
        Guest guest = Kmod.guest();
        try {
            for (String mode : LO_MODES.subList(1, 3)) {
                guest.check("echo " + mode + " > /sys/module/kni/parameters/lo_mode");
                String said = owner(guest, "loop vEth0 1500");
                assertEquals("1500 packets came back\n", said);
            }
            guest.check("echo lo_mode_ring > /sys/module/kni/parameters/lo_mode && exit 1; exit 0");
            String mode = guest.check("cat /sys/module/kni/parameters/lo_mode").strip();
            assertEquals("lo_mode_fifo_skb", mode);
            guest.check("dmesg | grep -q 'lo_mode is lo_mode_none, lo_mode_fifo or' && dmesg -C");
        } finally {
            guest.check("echo lo_mode_none > /sys/module/kni/parameters/lo_mode");
        }
    }

    /** What has no buffer to come back in waits, and nobody is busy with that. */
    @Test
    void loopbackWaitsForBuffers() {
        Guest guest = Kmod.guest();
        guest.check("echo lo_mode_fifo > /sys/module/kni/parameters/lo_mode");
        try (GuestCommand owner = guest.start(Kmod.owner("starve vEth0 100"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            guest.check(QUIET);
            owner.signal("USR1");
            assertTrue(owner.check(SECONDS).contains("100 packets came back"));
        } finally {
            guest.check("echo lo_mode_none > /sys/module/kni/parameters/lo_mode");
        }
    }

    /** Good and bad values of the parameters, in the way of DTS's stress test. */
    @Test
    void parametersAreCheckedAtLoad() {
        Guest guest = Kmod.guest();
        guest.check("rmmod kni");
        try {
            for (String lo : SOAK ? LO_MODES : LO_MODES.subList(2, 3)) {
                for (String thread : SOAK ? List.of("single", "multiple") : List.of("multiple")) {
                    guest.check(load("lo_mode=" + lo + " kthread_mode=" + thread));
                    try (GuestCommand owner = guest.start(Kmod.owner("bound vEth0 1"))) {
                        owner.awaitOutput("ready vEth0", SECONDS);
                        String task = thread.equals("single") ? "kni_single" : "kni_vEth0";
                        String cores = "taskset -pc $(pgrep -x " + task + ")";
                        assertTrue(guest.check(cores).strip().endsWith(": 1"), cores);
                        String one = owner(guest, "query vEth0");
                        int modes = thread.equals("single") ? 34 : 35;
                        assertTrue(one.contains(" modes " + modes + " core 1 "), one);
                    }
                    Kmod.await(guest, "rmmod kni 2> /dev/null");
                }
            }
            for (String bad :
                    List.of(
                            "lo_mode=lo_mode_ring",
                            "lo_mode=",
                            "kthread_mode=sometimes",
                            "carrier=1",
                            "request_mode=off",
                            "min_scheduling_interval=300",
                            "request_timeout=0")) {
                String said = said(guest, load(bad));
                assertTrue(said.contains("Invalid parameters"), bad + ": " + said);
            }
            guest.check("dmesg | grep -q 'kthread_mode is single or multiple' && dmesg -C");
        } finally {
            guest.check(load(""));
        }
    }

    private static String load(String parameters) {
        return "insmod /run/kni.ko " + parameters;
    }

    /** Only force_bind binds a thread, and the one of all to the first interface's core. */
    @Test
    void theSharedThreadIsTheFirstInterfaces() {
        Guest guest = Kmod.guest();
        String cores = "taskset -pc $(pgrep -x kni_single)";
        try (GuestCommand first = guest.start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            first.awaitOutput("ready vEth0", SECONDS);
            try (GuestCommand second = guest.start(Kmod.owner("bound vEth1 1"))) {
                second.awaitOutput("ready vEth1", SECONDS);
                assertTrue(guest.check(cores).strip().endsWith(": 0,1"), guest.check(cores));
            }
        }
    }

    /** net_kni over kni.ko in Java; with {@code VPMD_SOAK=1} all that a tap is tested with. */
    @Test
    void javaSeesTheSame() {
        Guest guest = Kmod.guest();
        guest.check("modprobe tun; modprobe 8021q; touch /etc/shadow");
        String classes = String.join(" ", SOAK ? ALL_IN_JAVA : SOME_IN_JAVA);
        try (GuestCommand kit = guest.java(GuestTests.class, classes)) {
            GuestShell.Result result = kit.await(JAVA_SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }

    @Test
    void vpmdListsInterfaces() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start(Kmod.owner("persist vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            try (GuestCommand list = guest.vpmd("kni --list")) {
                String said = list.await(Guest.RUN_SECONDS).output();
                assertTrue(said.contains("vEth0"), said);
                assertTrue(said.contains("down,carrier,persist"), said);
            }
        }
        guest.check("ip link del vEth0");
    }
}
