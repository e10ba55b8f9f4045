// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** Hands out buffers as they come from the pool. */
final class NullRxQueue extends RxQueue {
    private final int portId;
    private final MbufPool pool;
    private final MbufCache cache;
    private final int size;
    private final byte @Nullable [] content;

    NullRxQueue(int index, int portId, MbufPool pool, int size, boolean copy) {
        super(index);
        this.portId = portId;
        this.pool = pool;
        this.cache = pool.newCache();
        this.size = size;
        this.content = copy ? new byte[size] : null;
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            int wanted = size == 0 ? 0 : max;
            int n = 0;
            while (n < wanted) {
                int index = cache.takeIndex();
                if (index < 0) {
                    break;
                }
                Mbuf packet = pool.mbuf(index);
                packet.received(pool.headroom(), size, portId);
                packet.setPacketType(0);
                if (content != null) {
                    packet.putBytes(0, content, 0, size);
                }
                into[at + n++] = packet;
            }
            countReceived(n, (long) n * size);
            return n;
        } finally {
            leave();
        }
    }

    /** There is always something, so sleeping makes no sense; unless nothing is ever received. */
    @Override
    public boolean arm() {
        if (!enter()) {
            return true;
        }
        leave();
        return size == 0;
    }

    @Override
    protected void release() {
        cache.close();
    }
}
