// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.contract.qtest.Lab;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.file.Files;

/**
 * kni.ko in a kernel with KASAN, lockdep and fault injection, which ends at what any of them finds
 * (T2). It is slow: with {@code VPMD_SOAK=1} owners are killed 200 times and nonsense is written
 * for five minutes, else 5 times and for five seconds.
 */
@Tag("guest")
@Timeout(7200)
class KmodDebugGuestTest extends KmodKernelContract {
    private static final boolean SOAK = "1".equals(System.getenv("VPMD_SOAK"));
    private static final int HOSTILE_OWNERS = SOAK ? 60 : 1;
    /* Each allocation is made to fail, or each so many-th. */
    private static final int FAULT_STEP = SOAK ? 1 : 20;
    private static final int LONG_SECONDS = SOAK ? 6000 : 900;

    /* All allocations may fail, and no stack is printed for each. */
    private static final String FAULTS =
            """
            mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
            cd /sys/kernel/debug
            for kind in failslab fail_page_alloc; do
                echo N > $kind/ignore-gfp-wait
                echo 0 > $kind/verbose
                echo -1 > $kind/times
            done
            echo N > fail_page_alloc/ignore-gfp-highmem
            echo 0 > fail_page_alloc/min-order
            """;

    /*
     * One of ten packets of the kernel cannot be allocated, for three seconds of each five; slub_debug=A marks
     * where.
     */
    private static final String FAULTS_UNDER_TRAFFIC =
            """
            cd /sys/kernel/debug/failslab
            echo Y > cache-filter
            for round in 1 2 3; do
                ping -f -q -s 1400 -w 5 10.9.0.2 > /dev/null 2>&1 & ping=$!
                sleep 1
                echo 10 > probability
                sleep 3
                echo 0 > probability
                wait $ping
            done
            echo N > cache-filter
            ethtool -S vEth0 | awk '/rx_no_memory/ {print $2}'
            """;

    private static final String LEAKS =
            "echo scan > /sys/kernel/debug/kmemleak; sleep 6; echo scan >"
                + " /sys/kernel/debug/kmemleak; grep -B 20 -A 20 kni_ /sys/kernel/debug/kmemleak ||"
                + " true";

    KmodDebugGuestTest() {
        super(
                GuestMachine.CHECKING,
                "panic_on_warn=1 oops=panic page_poison=1 kmemleak=on"
                        + " slub_debug=A,skbuff_head_cache",
                SOAK ? 200 : 5,
                SOAK ? 1000 : 10,
                LONG_SECONDS);
    }

    @Override
    @BeforeAll
    void boot() {
        // Nobody has to have built it.
        assumeTrue(
                Files.exists(Lab.home().resolve(GuestMachine.CHECKING)),
                "there is no debug kernel; run bench/lab/setup --debug-kernel");
        super.boot();
    }

    @Override
    @AfterEach
    void nothingIsLeft() {
        super.nothingIsLeft();
        assertEquals(
                "",
                guest().check(
                                "mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs"
                                        + " /sys/kernel/debug;"
                                        + LEAKS));
    }

    @Test
    void aHostileOwnerHarmsNobody() {
        try (GuestCommand owners = guest().start(KmodScripts.hostileOwners(HOSTILE_OWNERS))) {
            owners.check(LONG_SECONDS);
        }
    }

    @Test
    void anyAllocationMayFail() {
        guest().check(FAULTS);
        try (GuestCommand failing = guest().start("exec /run/failing vEth0 " + FAULT_STEP)) {
            String said = failing.check(LONG_SECONDS);
            System.out.println(said);
            assertTrue(
                    said.matches(
                            "[1-9][0-9]* allocations failed, [1-9][0-9]* calls were refused\n"),
                    said);
        }
        // Page faults of the program fail as well, which the kernel says.
        guest().check("dmesg -C");
    }

    @Test
    void allocationsFailUnderTraffic() {
        guest().check(FAULTS);
        try (GuestCommand owner = guest().start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            Kmod.up(guest(), "10.9.0.1");
            try (GuestCommand faults = guest().start(FAULTS_UNDER_TRAFFIC)) {
                int lost = Integer.parseInt(faults.check(LONG_SECONDS).strip());
                assertTrue(lost > 0, "no allocation of the module has failed");
            }
            Kmod.pings(guest(), "10.9.0.2");
        }
        guest().check("dmesg -C");
    }
}
