// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.kni.tap.VnetHeader;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Takes the kernel's packets from tx_q and gives it empty buffers through alloc_q. It never has
 * more buffers than tx_q has entries, so there is room for all that it can fill, and it fills them
 * in the order in which it got them.
 */
public final class KmodRxQueue extends RxQueue {
    private static final int MASK = KmodDevice.ENTRIES - 1;
    /* Giving buffers costs a full barrier, so some are given together. */
    private static final int REFILL = 32;

    private final KmodRings rings;
    private final MemorySegment memory;
    private final long tx;
    private final long alloc;
    private final int portId;
    private final MbufPool pool;
    private final MbufCache cache;
    private final long base;
    private final int limit;

    /* Indices of what the kernel has, from taken on to given. */
    private final int[] lent = new int[KmodDevice.ENTRIES];
    private int given;
    private int taken;
    private int next;

    /**
     * A queue over a pair of a device.
     *
     * @param limit most buffers that the kernel is given
     */
    public KmodRxQueue(
            int index, KmodDevice device, KmodMemory pinned, int portId, MbufPool pool, int limit) {
        super(index);
        this.rings = device.rings(index);
        this.memory = rings.memory();
        this.tx = rings.offset(KmodAbi.KNI_RING_TX);
        this.alloc = rings.offset(KmodAbi.KNI_RING_ALLOC);
        this.portId = portId;
        this.pool = pool;
        this.cache = pool.newCache();
        this.base = pinned.base(pool);
        this.limit = Math.min(limit, KmodDevice.ENTRIES);
    }

    /** Gives the kernel the first buffers; no burst is running. */
    public void start() {
        refill();
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            int ready = rings.producer(tx) - next;
            int n = 0;
            long bytes = 0;
            while (n < max && ready > 0) {
                int before = next;
                Mbuf m = take();
                ready -= next - before;
                bytes += m.packetLength();
                into[at + n++] = m;
            }
            if (n > 0) {
                rings.consumed(tx, next);
                countReceived(n, bytes);
            }
            if (limit - (given - taken) >= Math.min(REFILL, limit)) {
                refill();
            }
            return n;
        } finally {
            leave();
        }
    }

    /** The packet that begins in the next entry. */
    private Mbuf take() {
        long entry = KmodRings.entry(tx, next);
        Mbuf head = buffer(entry);
        int flags = memory.get(JAVA_SHORT, entry + KmodAbi.ENTRY_FLAGS);
        Mbuf last = head;
        for (int at = next; (flags & KmodAbi.KNI_ENTRY_MORE) != 0; ) {
            long more = KmodRings.entry(tx, ++at);
            Mbuf segment = buffer(more);
            head.chain(last, segment);
            last = segment;
            flags = memory.get(JAVA_SHORT, more + KmodAbi.ENTRY_FLAGS);
        }
        next += head.segments();
        VnetHeader.read(head, memory, entry + KmodAbi.ENTRY_HEADER);
        return head;
    }

    private Mbuf buffer(long entry) {
        Mbuf m = pool.mbuf(lent[taken++ & MASK]);
        m.received(pool.headroom(), memory.get(JAVA_INT, entry + KmodAbi.ENTRY_LENGTH), portId);
        return m;
    }

    private void refill() {
        int before = given;
        while (given - taken < limit) {
            int index = cache.takeIndex();
            if (index < 0) {
                break;
            }
            lent[given & MASK] = index;
            long entry = KmodRings.entry(alloc, given++);
            memory.set(JAVA_LONG, entry + KmodAbi.ENTRY_COOKIE, index);
            long at = pool.offsetOf(index) + pool.headroom();
            memory.set(JAVA_LONG, entry + KmodAbi.ENTRY_ADDRESS, base + at);
            memory.set(JAVA_INT, entry + KmodAbi.ENTRY_LENGTH, pool.dataRoom());
        }
        if (given != before) {
            rings.publish(alloc, given);
            rings.wake(alloc);
        }
    }

    @Override
    public boolean arm() {
        if (!enter()) {
            return true;
        }
        try {
            return rings.arm(tx, next);
        } finally {
            leave();
        }
    }

    @Override
    public int eventFd() {
        return rings.eventFd();
    }

    /** Buffers of {@code wanted} that the kernel has; no burst is running. */
    public int heldBuffers(MbufPool wanted) {
        return wanted == pool ? given - taken : 0;
    }

    /** Takes everything back, after the rings were emptied; no burst is running. */
    public void empty() {
        while (taken != given) {
            cache.freeIndex(lent[taken++ & MASK]);
        }
        given = 0;
        taken = 0;
        next = 0;
        cache.flush();
    }

    @Override
    protected void release() {
        cache.close();
    }
}
