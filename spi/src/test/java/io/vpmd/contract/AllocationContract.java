// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/** Bursts allocate nothing. */
interface AllocationContract extends Rigged {
    com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What the JVM itself may need meanwhile; one object a burst would be 320 000 at least. */
    long TOLERANCE_BYTES = 20_000;

    long WARM_UP_NANOS = 4_000_000_000L;
    int ATTEMPTS = 3;

    /** 100 000 bursts in full, and 20 000 as a share where each is a system call or more. */
    private int bursts() {
        return rig().fixture().slow() ? Soak.rounds(100_000, 20_000) : 100_000;
    }

    /** One burst of some kind; answers how much was moved. */
    interface Step {
        int burst();
    }

    private void assertNoAllocation(String what, Step measured, Step unmeasured) {
        int rounds = bursts();
        // Until the JIT has compiled the path: interpreted downcalls box their arguments.
        long deadline = System.nanoTime() + WARM_UP_NANOS;
        for (int i = 0; i < 2 || System.nanoTime() < deadline; i++) {
            if (loop(rounds / 10, measured, unmeasured) == 0 && i >= 2) {
                break;
            }
        }
        long least = Long.MAX_VALUE;
        // What is compiled may be thrown away and compiled again; that never happens every time.
        for (int i = 0; i < ATTEMPTS && least >= TOLERANCE_BYTES; i++) {
            least = Math.min(least, loop(rounds, measured, unmeasured));
        }
        long bytes = least;
        assertTrue(
                bytes < TOLERANCE_BYTES,
                () -> rounds + " bursts (" + what + ") allocated " + bytes + " bytes");
    }

    /** Bytes that the calls of {@code measured} allocated. */
    private static long loop(int rounds, Step measured, Step unmeasured) {
        long bytes = 0;
        for (int i = 0; i < rounds; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            measured.burst();
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
            unmeasured.burst();
        }
        return bytes;
    }

    @Test
    default void emptyReceiveBurstsAllocateNothing() {
        RxQueue rx = rig().started().rxQueue(0);
        Mbuf[] into = new Mbuf[32];
        assertNoAllocation("empty rxBurst", () -> freed(rx.rxBurst(into, 0, 32), into), () -> 0);
    }

    @Test
    default void armingAllocatesNothing() {
        RxQueue rx = rig().started().rxQueue(0);
        assertNoAllocation("arm", () -> rx.arm() ? 1 : 0, () -> 0);
    }

    @Test
    default void transmitBurstsAllocateNothing() {
        Port port = rig().started();
        TxQueue tx = port.txQueue(0);
        Mbuf[] from = new Mbuf[32];
        Mbuf[] into = new Mbuf[64];
        byte[] frame = rig().frame(1, 60);
        try (MbufCache cache = rig().pool().newCache()) {
            assertNoAllocation(
                    "full txBurst",
                    () -> {
                        int n = tx.txBurst(from, 0, fill(cache, from, frame));
                        tx.reclaim();
                        return freed(from, n);
                    },
                    () -> drain(port.rxQueue(0), into));
        }
    }

    @Test
    default void receiveBurstsAllocateNothing() {
        rig().need(rig().info().loopback(), "queue that one burst can fill");
        Port port = rig().started();
        Mbuf[] from = new Mbuf[32];
        Mbuf[] into = new Mbuf[32];
        byte[] frame = rig().frame(1, 60);
        try (MbufCache cache = rig().pool().newCache()) {
            assertNoAllocation(
                    "full rxBurst",
                    () -> freed(port.rxQueue(0).rxBurst(into, 0, 32), into),
                    () -> {
                        int n = fill(cache, from, frame);
                        return freed(from, port.txQueue(0).txBurst(from, 0, n));
                    });
        }
    }

    @Test
    default void receivingFromAnotherSideAllocatesNothing() {
        rig().needInject();
        rig().need(!rig().info().loopback(), "other side than itself");
        Port port = rig().started();
        Mbuf[] into = new Mbuf[32];
        byte[] frame = rig().frame(1, 60);
        assertNoAllocation(
                "rxBurst",
                () -> freed(port.rxQueue(0).rxBurst(into, 0, 32), into),
                () -> {
                    rig().fixture().inject(frame);
                    return 1;
                });
    }

    @Test
    default void burstsOnAStoppedPortAllocateNothing() {
        Port port = rig().started();
        port.stop();
        Mbuf[] from = new Mbuf[32];
        byte[] frame = rig().frame(1, 60);
        try (MbufCache cache = rig().pool().newCache()) {
            assertNoAllocation(
                    "stopped",
                    () -> {
                        int n = port.txQueue(0).txBurst(from, 0, fill(cache, from, frame));
                        return n + port.rxQueue(0).rxBurst(from, 0, 32);
                    },
                    () -> 0);
        }
    }

    private static int fill(MbufCache cache, Mbuf[] into, byte[] frame) {
        int n = cache.take(into, 0, into.length);
        for (int i = 0; i < n; i++) {
            into[i].putBytes(into[i].append(frame.length), frame, 0, frame.length);
        }
        return n;
    }

    /** Frees what {@code txBurst} left of a whole array. */
    private static int freed(Mbuf[] from, int sent) {
        for (int i = sent; i < from.length; i++) {
            from[i].free();
        }
        return sent;
    }

    private static int freed(int received, Mbuf[] into) {
        for (int i = 0; i < received; i++) {
            into[i].free();
        }
        return received;
    }

    private static int drain(RxQueue rx, Mbuf[] into) {
        return freed(rx.rxBurst(into, 0, into.length), into);
    }
}
