// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.port.MbufRing;
import io.vpmd.spi.sys.EventFd;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Control;

/** What a packet costs that passes through a ring. */
public class RingBenchmark extends Measured {
    /** A ring, and packets to put into it; a ring does not care that they are always the same. */
    @State(Scope.Group)
    public static class Ring {
        private final EventFd signal = new EventFd();
        private final MbufRing ring = new MbufRing(1024, signal);
        private final Mbuf[] in = new Mbuf[BURST];
        private final Mbuf[] out = new Mbuf[BURST];
        private MbufPool pool;

        /** Takes the packets. */
        @Setup
        public void fill() {
            pool = MbufPool.create("jmh", 256);
            try (MbufCache cache = pool.newCache()) {
                cache.take(in, 0, BURST);
            }
            ring.open();
        }

        /** Unmaps the pool. */
        @TearDown
        public void close() {
            signal.close();
            pool.close();
        }

        private int put(int from) {
            if (!ring.enter()) {
                return 0;
            }
            int n = ring.room(BURST - from);
            for (int i = 0; i < n; i++) {
                ring.set(i, in[from + i]);
            }
            ring.publish(n);
            ring.leave();
            return n;
        }
    }

    /** One thread puts 32 and takes 32: the instructions without the cache misses. */
    @Benchmark
    @Group("oneThread")
    @OperationsPerInvocation(BURST)
    public int putAndTake(Ring state) {
        int n = state.put(0);
        return n + state.ring.take(state.out, 0, BURST);
    }

    /** One thread puts; another takes. */
    @Benchmark
    @Group("twoThreads")
    @OperationsPerInvocation(BURST)
    public int put(Ring state, Control control) {
        int n = state.put(0);
        while (n < BURST && !control.stopMeasurement) {
            Thread.onSpinWait();
            n += state.put(n);
        }
        return n;
    }

    /** The other of the two threads. */
    @Benchmark
    @Group("twoThreads")
    @OperationsPerInvocation(BURST)
    public int take(Ring state, Control control) {
        int n = state.ring.take(state.out, 0, BURST);
        while (n < BURST && !control.stopMeasurement) {
            Thread.onSpinWait();
            n += state.ring.take(state.out, n, BURST - n);
        }
        return n;
    }
}
