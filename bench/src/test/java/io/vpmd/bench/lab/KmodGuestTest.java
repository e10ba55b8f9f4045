// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Random;

/**
 * kni.ko with owners in C that know only its header, and net_kni over it (T2). With {@code
 * VPMD_SOAK=1} owners in C are killed 900 times and in Java 100 times, interfaces made 10 000
 * times, nonsense written for five minutes and all of the contract run; else 10, 2 and 100 times,
 * five seconds and some of the contract.
 */
@Tag("guest")
@Timeout(7200)
class KmodGuestTest {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final int KILLS = SOAK ? 900 : 10;
    private static final int JAVA_KILLS = SOAK ? 100 : 2;
    private static final int CYCLES = SOAK ? 10_000 : 100;
    private static final int HOSTILE_OWNERS = SOAK ? 60 : 1;
    private static final int ROUNDS = SOAK ? 1000 : 50;
    private static final int MOST_MICROS = 10_000;
    private static final int SECONDS = 240;
    private static final int CONTRACT_SECONDS = 1500;
    private static final int LONG_SECONDS = SOAK ? 6000 : 600;

    /* The thread takes less than a hundredth of a processor when there is nothing to do. */
    private static final String IDLE =
            """
            sleep 1
            file=/proc/$(pgrep -x kni_single)/schedstat
            before=$(cut -d' ' -f1 $file)
            sleep 2
            [ $(($(cut -d' ' -f1 $file) - before)) -lt 20000000 ]
            """;

    private static final String STOPPED =
            """
            for i in $(seq 600); do
                ethtool -S vEth0 | grep -q 'queue0_tx_stopped: [1-9]' && exit 0; sleep 0.1
            done
            ethtool -S vEth0; exit 1
            """;

    private static final String PARAMETERS =
            """
            cd /sys/module/kni/parameters
            [ "$(cat kthread_mode carrier)" = $'single\noff' ] || exit 1
            echo 500 > min_scheduling_interval && exit 1
            echo 0 > max_scheduling_interval && exit 1
            echo sometimes > carrier && exit 1
            [ "$(cat min_scheduling_interval max_scheduling_interval)" = $'100\n200' ] || exit 1
            echo on > carrier && [ $(cat carrier) = on ] && echo off > carrier || exit 1
            # What was wrong is in the kernel's log, as it should be.
            dmesg | grep -q 'carrier is off or on' && dmesg -C
            """;

    private static final String MANY =
            """
            for i in $(seq 8); do (exec /run/owner echo vEth$i 10.9.0.2 > /dev/null) & done
            for n in a b; do
                (exec ip netns exec $n /run/owner echo in${n^^} 10.9.1.2 > /dev/null) &
            done
            for i in $(seq 600); do
                [ $(ls /sys/class/net | grep -c vEth) = 8 ] && break; sleep 0.1
            done
            for n in a b; do
                for i in $(seq 600); do
                    ip -n $n link show in${n^^} > /dev/null 2>&1 && break; sleep 0.1
                done
                ip -n $n addr add 10.9.1.1/24 dev in${n^^} && ip -n $n link set in${n^^} up
            done
            echo all there
            wait
            """;

    private static final String CONTRACT = "io.vpmd.kni.KmodContract";
    private static final String QUEUES_CONTRACT = "io.vpmd.kni.KmodQueuesContract";
    private static final List<String> SOME_OF_THE_CONTRACT =
            List.of(
                    "whatIsSentComesOutCompleteAndInOrder",
                    "whatComesInIsReceivedCompleteAndInOrder",
                    "chainsOfManySmallSegmentsComeOutWhole",
                    "coalescedConnectionsComeWholeAndInOrder",
                    "runsOfDifferentRequestsInOneBurst",
                    "armingAStoppedPortDoesNoHarm");
    private static final List<String> SOME_OF_QUEUES =
            List.of("thePortsCountersAreTheSumOfItsQueues", "packetsPassWhileAQueueIsArmed");

    @AfterEach
    void nothingIsLeft() {
        Kmod.nothingIsLeft(Kmod.guest());
    }

    @AfterAll
    static void theModuleCanBeUnloaded() {
        Kmod.unload();
    }

    @Test
    void anOwnerAnswersPing() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            Kmod.up(guest, "10.9.0.1");
            Kmod.pings(guest, "10.9.0.2");
            String shown = guest.check("ethtool vEth0; ethtool -i vEth0; ethtool -S vEth0");
            assertTrue(shown.contains("Speed: 10000Mb/s"), shown);
            assertTrue(shown.contains("driver: kni"), shown);
            assertFalse(shown.contains("queue0_rx_packets: 0\n"), shown);
            guest.check(IDLE);
            owner.signal("STOP");
            String micros = guest.check("timeout 60 /run/link vEth0 " + ROUNDS);
            System.out.println(
                    "answers while the owner is stopped, median and most us:\n" + micros);
            for (String line : micros.lines().toList()) {
                int median = Integer.parseInt(line.split(" ", -1)[1]);
                assertTrue(median < MOST_MICROS, micros);
            }
            owner.signal("CONT");
        }
    }

    /** More packets than its rings have entries: the rest is in the interface's qdisc. */
    @Test
    void theStackWaitsForASlowOwner() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            Kmod.up(guest, "10.9.0.1");
            guest.check("ping -c 1 -w 60 10.9.0.2");
            owner.signal("STOP");
            try (GuestCommand ping = guest.start("exec ping -i 0.001 -c 800 -w 100 10.9.0.2")) {
                guest.check(STOPPED);
                owner.signal("CONT");
                String said = ping.check(SECONDS);
                assertTrue(said.contains(" 800 received"), said);
            }
            assertEquals(
                    "0", guest.check("cat /sys/class/net/vEth0/statistics/tx_dropped").strip());
        }
    }

    @Test
    void malformedParametersAreRefused() {
        Kmod.guest().check(PARAMETERS);
    }

    @Test
    void ownersThatAreKilledUnderTrafficLeaveNothing() {
        Guest guest = Kmod.guest();
        try (GuestCommand killing = guest.start(KmodScripts.kills(KILLS))) {
            killing.check(LONG_SECONDS);
        }
        assertEquals("0\n0\n", guest.check(KmodScripts.HELD));
    }

    /** They have more in the kernel: pinned pools, events, a handler of requests. */
    @Test
    void javaOwnersThatAreKilledLeaveNothing() {
        Guest guest = Kmod.guest();
        Random random = new Random(JAVA_KILLS);
        for (int i = 0; i < JAVA_KILLS; i++) {
            try (GuestCommand owner =
                    guest.vpmd(
                            "testpmd --port net_kni:vEth0,backend=kni --port"
                                    + " net_echo:0,ip=10.9.0.2")) {
                owner.awaitOutput("packet forwarding", SECONDS);
                Kmod.up(guest, "10.9.0.1");
                try (GuestCommand _ = guest.start("exec ping -f -q -w 100 10.9.0.2")) {
                    guest.check("sleep 0." + random.nextInt(100));
                    owner.signal("KILL");
                    assertEquals(137, owner.await(Guest.RUN_SECONDS).exit(), owner::output);
                    Kmod.awaitGone(guest);
                }
            }
        }
        assertEquals("0\n0\n", guest.check(KmodScripts.HELD));
    }

    @Test
    void aHostileOwnerHarmsNobody() {
        Guest guest = Kmod.guest();
        try (GuestCommand owners = guest.start(KmodScripts.hostileOwners(HOSTILE_OWNERS))) {
            owners.check(LONG_SECONDS);
        }
        assertEquals("0\n0\n", guest.check(KmodScripts.HELD));
    }

    @Test
    void interfacesComeAndGo() {
        Guest guest = Kmod.guest();
        try (GuestCommand cycles = guest.start(Kmod.owner("cycles vEth0 " + CYCLES))) {
            cycles.check(LONG_SECONDS);
        }
        assertEquals("0\n0\n", guest.check(KmodScripts.HELD));
    }

    @Test
    void aChildThatInheritedTheDescriptorDoesNotKeepTheInterface() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start("/run/owner orphan vEth0 & wait $!; exit 0")) {
            owner.check(SECONDS);
            Kmod.awaitGone(guest);
            // The child is there still, and has the descriptor.
            guest.check("[ $(cat /sys/module/kni/refcnt) = 1 ] && pkill -KILL -x owner");
            Kmod.await(guest, "! pgrep -x owner");
        }
    }

    @Test
    void whatCannotBeIsRefusedInASentence() {
        String said = Kmod.guest().check(Kmod.owner("refused"));
        for (String line :
                List.of(
                        "version: Protocol not supported: kni.ko speaks version 1",
                        "size: Protocol not supported: a structure of kni.ko has another size",
                        "region: Invalid argument: a region has to begin and to end at a page",
                        "unmapped: Bad address: the memory at offset 0 KiB cannot be pinned",
                        "registers: Bad address: the memory at offset 0 KiB cannot be pinned",
                        "no region: No such file or directory: there is no region 7",
                        "no interface: No such device: this descriptor has no interface",
                        "ring: Invalid argument: rings of 100 and 64 entries are not powers of two",
                        "taken: File exists: there is an interface lo already",
                        "unterminated: Invalid argument: that is no name",
                        "mtu: Invalid argument: the MTU 70000 is not in 68..65535",
                        "queues: Invalid argument: 17 queues are not 1..16",
                        "pci: Invalid argument: pci is no address such as 0000:01:00.0",
                        "core: Invalid argument: core or KNI_CREATE_FORCE_BIND is given without",
                        "good: done",
                        "second: Device or resource busy: this descriptor has an interface already",
                        "unknown: Inappropriate ioctl for device")) {
            assertTrue(said.contains(line), () -> line + "\n" + said);
        }
    }

    /** Of a process without a privilege, or with too small a limit. */
    @Test
    void whoMayNotIsToldWhy() {
        Guest guest = Kmod.guest();
        String memory = refused("ulimit -l 64; exec setpriv --bounding-set=-ipc_lock /run/owner");
        assertTrue(
                memory.contains(
                        "KiB more are more than RLIMIT_MEMLOCK (64 KiB) lets this process pin"),
                memory);
        String nobody = refused("exec setpriv --reuid=65534 /run/owner");
        assertTrue(nobody.contains("hello: Permission denied"), nobody);
        guest.check("chmod 666 /dev/kni");
        nobody = refused("exec setpriv --reuid=65534 /run/owner");
        guest.check("chmod 600 /dev/kni");
        assertTrue(nobody.contains("making an interface needs CAP_NET_ADMIN"), nobody);
    }

    private static String refused(String owner) {
        return Kmod.guest().check("( " + owner + " echo vEth0 10.9.0.2 2>&1 ) || true");
    }

    /** Also one name in two namespaces, one of which goes with the interface in it. */
    @Test
    void manyOwnersDoNotMeet() {
        Guest guest = Kmod.guest();
        guest.check("mkdir -p /run/netns && ip netns add a && ip netns add b");
        try (GuestCommand owners = guest.start(MANY)) {
            owners.awaitOutput("all there", SECONDS);
            guest.check(
                    "ip netns exec a ping -c 1 -W 20 10.9.1.2 && ip netns exec b ping -c 1 -W 20"
                            + " 10.9.1.2 && ip netns del a");
            guest.check("pkill -KILL -x owner");
            Kmod.await(guest, "! pgrep -x owner");
            guest.check("ip netns del b");
        }
    }

    @Test
    void theContractHolds() {
        Guest guest = Kmod.guest();
        guest.check("modprobe tun; touch /etc/shadow");
        String cases =
                SOAK
                        ? CONTRACT + " " + QUEUES_CONTRACT
                        : some(CONTRACT, SOME_OF_THE_CONTRACT)
                                + some(QUEUES_CONTRACT, SOME_OF_QUEUES);
        try (GuestCommand kit = guest.java(GuestTests.class, cases)) {
            GuestShell.Result result = kit.await(CONTRACT_SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }

    private static String some(String contract, List<String> cases) {
        return " " + contract + "#" + String.join(" " + contract + "#", cases);
    }

    /** The application of KNI, and behind its other port a host that answers ping. */
    @Test
    void theKniApplicationTakesTheModule() {
        Guest guest = Kmod.guest();
        String line =
                "kni --port net_echo:0,ip=192.168.210.2 -p 1 --backend kni --config '(0,0,0)'";
        try (GuestCommand kni = guest.vpmd(line)) {
            kni.awaitOutput("vEth0", SECONDS);
            Kmod.up(guest, "192.168.210.1");
            assertTrue(guest.check("ethtool -i vEth0").contains("driver: kni"));
            Kmod.pings(guest, "192.168.210.2");
            kni.signal("TERM");
            kni.await(Guest.RUN_SECONDS);
        }
    }
}
