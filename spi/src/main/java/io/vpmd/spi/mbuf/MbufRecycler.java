// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import org.jspecify.annotations.Nullable;

/**
 * Frees packets of any pool through one {@link MbufCache} a pool, as a transmit queue or a
 * receive-and-drop loop needs it. One thread at a time.
 */
public final class MbufRecycler implements AutoCloseable {
    private final @Nullable MbufCache[] caches = new MbufCache[Pools.MAX_POOLS + 1];

    /** A recycler without any cache yet. */
    public MbufRecycler() {}

    /** Gives back a packet with all its segments. */
    public void free(Mbuf packet) {
        if (packet.nextHandle() == 0) {
            cache(packet.pool()).freeIndex(packet.index());
        } else {
            freeChain(packet);
        }
    }

    /** Gives back {@code count} packets. */
    public void free(Mbuf[] packets, int at, int count) {
        for (int i = 0; i < count; i++) {
            free(packets[at + i]);
        }
    }

    /**
     * For drivers: gives back packets by their handles as a ring holds them, those that are chains
     * as {@code ~handle}; 0 stands for none.
     */
    public void freeHandles(int[] handles, int at, int count) {
        if (MbufPool.DEBUG) {
            freeEach(handles, at, count);
            return;
        }
        int n = 0;
        while (n < count) {
            int handle = handles[at + n];
            if (handle > 0) {
                MbufCache cache = cache(Pools.mbuf(handle).pool());
                n += cache.freeHandles(handles, at + n, count - n);
            } else {
                if (handle < 0) {
                    freeChain(Pools.mbuf(~handle));
                }
                n++;
            }
        }
    }

    /**
     * For drivers: the same for a row that holds nothing but single buffers of one pool, which need
     * not be looked at one by one.
     *
     * @param cache what {@link #cache} answered for that pool
     */
    public void freeHandles(MbufCache cache, int[] handles, int at, int count) {
        if (MbufPool.DEBUG) {
            freeEach(handles, at, count);
        } else {
            cache.freeOwn(handles, at, count);
        }
    }

    /** One that was freed before does not keep the others from being freed. */
    private void freeEach(int[] handles, int at, int count) {
        @Nullable IllegalStateException failed = null;
        for (int i = at; i < at + count; i++) {
            int handle = handles[i];
            try {
                if (handle != 0) {
                    free(Pools.mbuf(Math.max(handle, ~handle)));
                }
            } catch (IllegalStateException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private void freeChain(Mbuf packet) {
        @Nullable Mbuf segment = packet;
        // As in Mbuf.free().
        while (segment != null && !segment.pool().unmapped()) {
            Mbuf following = segment.next();
            segment.unchain();
            cache(segment.pool()).freeIndex(segment.index());
            segment = following;
        }
    }

    /** The cache that this recycler keeps for {@code pool}; made on first use. */
    public MbufCache cache(MbufPool pool) {
        MbufCache cache = caches[pool.id()];
        // A pool that was closed may have left its id to another.
        if (cache == null || cache.pool() != pool) {
            cache = pool.newCache();
            // A packet of a closed pool must not push out the cache of the pool that has its id.
            if (!pool.unmapped()) {
                caches[pool.id()] = cache;
            }
        }
        return cache;
    }

    /** Gives all cached buffers back to their pools. */
    @Override
    public void close() {
        for (int i = 0; i < caches.length; i++) {
            MbufCache cache = caches[i];
            if (cache != null) {
                cache.close();
                caches[i] = null;
            }
        }
    }
}
