// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.Ports;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.mbuf.Pools;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Forwarding between software ports. */
@Timeout(30)
class TestpmdTest {
    private final EndRequest end = new EndRequest();

    @AfterEach
    void nothingIsLeft() {
        assertEquals(List.of(), Ports.all());
        assertTrue(Pools.all().isEmpty(), () -> "pools left: " + Pools.all());
    }

    private static Testpmd.Plan plan(ForwardMode mode, int txFirst, int threads, String... specs) {
        return new Testpmd.Plan(
                List.of(specs),
                mode,
                32,
                List.of(64),
                txFirst,
                0,
                threads,
                List.of(),
                WaitMode.ADAPTIVE);
    }

    private static void await(Testpmd run, int port, long packets) {
        long limit = System.nanoTime() + 20_000_000_000L;
        while (run.stats(port).rxPackets() < packets) {
            assertTrue(System.nanoTime() < limit, () -> "got " + run.stats(port));
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void aRingTurnsAndLosesNothing() {
        try (Testpmd run = new Testpmd(plan(ForwardMode.IO, 2, 1, "ring"), end)) {
            run.start();
            await(run, 0, 10_000);
            run.stop();
            PortStats s = run.stats(0);
            // The two first bursts of 32 are in the ring.
            assertEquals(64, s.txPackets() - s.rxPackets());
            assertEquals(64 * s.txPackets(), s.txBytes());
            assertEquals(0, s.txDropped() + s.rxDropped() + s.txErrors());
        }
        end.rethrow();
    }

    @Test
    void twoWiresForwardPairwiseOnTwoThreads() {
        String[] specs = {
            "net_ring:a,peer=b", "net_ring:c,peer=d", "net_ring:b,peer=a", "net_ring:d,peer=c"
        };
        try (Testpmd run = new Testpmd(plan(ForwardMode.IO, 1, 2, specs), end)) {
            run.start();
            for (int i = 0; i < 4; i++) {
                await(run, i, 5_000);
            }
            run.stop();
            long sent = 0;
            long received = 0;
            for (int i = 0; i < 4; i++) {
                PortStats s = run.stats(i);
                sent += s.txPackets();
                received += s.rxPackets();
                assertEquals(0, s.txDropped() + s.rxDropped());
            }
            assertEquals(4 * 32, sent - received);
        }
        end.rethrow();
    }

    @Test
    void everythingReceivedIsSentOnThePeer() {
        try (Testpmd run =
                new Testpmd(plan(ForwardMode.MACSWAP, 0, 2, "net_null:0", "net_null:1"), end)) {
            run.start();
            await(run, 0, 100_000);
            await(run, 1, 100_000);
            run.stop();
            assertEquals(run.stats(0).rxPackets(), run.stats(1).txPackets());
            assertEquals(run.stats(1).rxPackets(), run.stats(0).txPackets());
        }
        end.rethrow();
    }

    @Test
    void rxonlyReceivesAndSendsNothing() {
        try (Testpmd run = new Testpmd(plan(ForwardMode.RXONLY, 0, 1, "null"), end)) {
            run.start();
            await(run, 0, 50_000);
            run.stop();
            assertEquals(0, run.stats(0).txPackets());
        }
        end.rethrow();
    }

    @Test
    void packetsForAFullQueueAreDroppedAndCounted() {
        // Nobody receives in txonly, so the ring fills.
        try (Testpmd run = new Testpmd(plan(ForwardMode.TXONLY, 0, 1, "ring"), end)) {
            run.start();
            long limit = System.nanoTime() + 20_000_000_000L;
            while (run.stats(0).txDropped() == 0) {
                assertTrue(System.nanoTime() < limit);
                LockSupport.parkNanos(100_000);
            }
            run.stop();
            PortStats s = run.stats(0);
            assertEquals(0, s.rxPackets());
            assertTrue(s.txPackets() > 0 && s.txPackets() < 8192, s::toString);
        }
        end.rethrow();
    }

    @Test
    void peersAsInDpdk() {
        assertEquals(1, Testpmd.peer(0, 2, ForwardMode.IO));
        assertEquals(0, Testpmd.peer(1, 2, ForwardMode.IO));
        assertEquals(2, Testpmd.peer(2, 3, ForwardMode.MAC));
        assertEquals(0, Testpmd.peer(0, 2, ForwardMode.ICMPECHO));
        assertEquals(1, Testpmd.peer(1, 2, ForwardMode.RXONLY));
    }

    @Test
    void aWrongSecondPortLeavesNothingBehind() {
        try (Testpmd run = new Testpmd(plan(ForwardMode.IO, 0, 1, "null", "net_nul:1"), end)) {
            assertThrows(SpecException.class, run::start);
        }
    }

    @Test
    void aPoolTooSmallIsRefused() {
        Testpmd.Plan small =
                new Testpmd.Plan(
                        List.of("null", "ring"),
                        ForwardMode.IO,
                        32,
                        List.of(64),
                        0,
                        100,
                        1,
                        List.of(),
                        WaitMode.POLL);
        try (Testpmd run = new Testpmd(small, end)) {
            UsageException e = assertThrows(UsageException.class, run::start);
            assertTrue(e.toString().contains("100 buffers is too small for 2 ports"));
        }
    }
}
