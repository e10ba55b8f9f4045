// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.qtest.Wire;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;

/**
 * The application is killed while packets move and started again on the same device: 100 times with
 * {@code VPMD_SOAK=1}, else twice (T2).
 */
@Tag("guest")
@Timeout(3600)
class KilledGuestTest {
    private static final int ROUNDS = "1".equals(System.getenv("VPMD_SOAK")) ? 100 : 2;
    private static final int START_SECONDS = 240;
    private static final int ECHOES = 200;
    private static final int IN_FLIGHT = 64;
    private static final long LOST_MILLIS = 500;
    /* DMA faults of Intel's IOMMU; pages pinned, with what each processor still adds; huge pages. */
    private static final String FAULTS = "dmesg | grep 'DMAR: .*fault' || true";
    private static final String PINNED =
            "echo 1 > /proc/sys/vm/stat_refresh; awk '/foll_pin_acquired/ {a = $2}"
                    + " /foll_pin_released/ {r = $2} END {print a - r}' /proc/vmstat";
    private static final String HUGE = "awk '/HugePages_(Total|Free)/ {print $2}' /proc/meminfo";

    @Test
    void everyRestartWorksAndNothingIsLeftBehind() {
        Guest guest = Cards.guest();
        String address = GuestMachine.address(Cards.OUTSIDE);
        String line = "testpmd --port net_igb:" + address + " --forward-mode macswap";
        String pinned = guest.check(PINNED);
        String huge = guest.check(HUGE);
        try (Wire wire = guest.wire(Cards.OUTSIDE)) {
            for (int i = 0; i < ROUNDS; i++) {
                try (GuestCommand testpmd = guest.vpmd(line)) {
                    testpmd.awaitOutput("packet forwarding", START_SECONDS);
                    awaitEchoes(wire);
                    testpmd.signal("KILL");
                    assertEquals(137, testpmd.await(Guest.RUN_SECONDS).exit(), testpmd::output);
                }
                String round = "round " + i;
                assertEquals("0", guest.check(busMaster(address)), round);
                assertEquals(pinned, guest.check(PINNED), round);
                assertEquals("", guest.check(FAULTS), round);
            }
            assertEquals(huge, guest.check(HUGE));
        }
    }

    /** Bit 2 of the command register of the configuration space. */
    private static String busMaster(String address) {
        return "echo -n $((0x$(setpci -s " + address + " COMMAND) >> 2 & 1))";
    }

    /** Sends frames all the time; when it returns, some are still on their way. */
    private static void awaitEchoes(Wire wire) {
        byte[] frame = new byte[128];
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) 0xff;
        }
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        while (wire.receive().isPresent()) {
            // Of the round before.
        }
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        int onTheWay = 0;
        int echoes = 0;
        while (echoes < ECHOES) {
            if (System.nanoTime() > limit) {
                throw new AssertionError("only " + echoes + " frames came back");
            }
            for (; onTheWay < IN_FLIGHT; onTheWay++) {
                wire.send(frame);
            }
            if (wire.await(LOST_MILLIS).isPresent()) {
                echoes++;
                onTheWay--;
            } else {
                // Before the link was up; or somebody is stopped for a while.
                onTheWay = 0;
            }
        }
    }
}
