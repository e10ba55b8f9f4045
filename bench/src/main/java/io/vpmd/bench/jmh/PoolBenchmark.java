// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** What taking a buffer and giving it back costs, per packet. */
public class PoolBenchmark extends Measured {
    /** One pool for all threads. */
    @State(Scope.Benchmark)
    public static class SharedPool {
        private MbufPool pool;

        /** Makes the pool. */
        @Setup
        public void create() {
            pool = MbufPool.create("jmh", 8192);
        }

        /** Unmaps it. */
        @TearDown
        public void close() {
            pool.close();
        }
    }

    /** What a thread has for itself. */
    @State(Scope.Thread)
    public static class Own {
        private final Mbuf[] burst = new Mbuf[BURST];
        private final MbufRecycler recycler = new MbufRecycler();
        private MbufCache cache;

        /** Makes the cache. */
        @Setup
        public void create(SharedPool shared) {
            cache = shared.pool.newCache();
        }

        /** Gives the cached buffers back. */
        @TearDown
        public void close() {
            cache.close();
            recycler.close();
        }
    }

    /** Take 32 from a cache and free them to the same: no trade with the shared list. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int oneCache(Own own) {
        int n = own.cache.take(own.burst, 0, BURST);
        for (int i = 0; i < n; i++) {
            own.cache.free(own.burst[i]);
        }
        return n;
    }

    /** Take from a receiver's cache, free to a sender's: every buffer goes round the pool. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int acrossCaches(Own own) {
        return roundPool(own);
    }

    /** The same by two threads at a time, whose bulks meet in the shared list. */
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BURST)
    public int acrossCachesTwoThreads(Own own) {
        return roundPool(own);
    }

    private static int roundPool(Own own) {
        int n = own.cache.take(own.burst, 0, BURST);
        own.recycler.free(own.burst, 0, n);
        return n;
    }

    /** Free without a cache: one compare-and-set a packet. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int freeWithoutCache(Own own) {
        int n = own.cache.take(own.burst, 0, BURST);
        for (int i = 0; i < n; i++) {
            own.burst[i].free();
        }
        return n;
    }
}
