// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.Pools;

import org.jspecify.annotations.Nullable;

/**
 * The pools that a device knows. Control threads add and remove one at a time; bursts look up, and
 * hold only packets of pools that are there.
 */
public final class DmaPools implements AutoCloseable {
    private final Bus bus;
    /* An entry is written before any packet of its pool exists, as in Pools. */
    private final @Nullable DmaMap[] maps = new DmaMap[Pools.MAX_POOLS + 1];
    private boolean closed;

    public DmaPools(Bus bus) {
        this.bus = bus;
    }

    /** To be called in {@code poolAdded}. */
    public synchronized void add(MbufPool pool) {
        if (!closed) {
            maps[pool.id()] = bus.map(pool);
        }
    }

    /** To be called in {@code poolRemoved}; nothing when the pool is not there. */
    public synchronized void remove(MbufPool pool) {
        DmaMap map = maps[pool.id()];
        maps[pool.id()] = null;
        if (map != null) {
            map.close();
        }
    }

    /** The map of a pool that was added. */
    public DmaMap map(MbufPool pool) {
        DmaMap map = maps[pool.id()];
        if (map == null) {
            throw new IllegalStateException(bus.device() + " does not know " + pool);
        }
        return map;
    }

    /** Bus address of the data of a segment. */
    public long busAddress(Mbuf segment) {
        return map(segment.pool()).busAddress(segment.dataAddress());
    }

    /** Unmaps all. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        for (int i = 0; i < maps.length; i++) {
            DmaMap map = maps[i];
            maps[i] = null;
            if (map != null) {
                map.close();
            }
        }
    }
}
