// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.kni.tap.VnetHeader;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.mbuf.Pools;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Gives packets to the kernel through rx_q, an entry a segment. Their buffers come back through
 * free_q in the same order, so only how many is read from there; the ring never has more entries
 * out than free_q has room for.
 */
public final class KmodTxQueue extends TxQueue {
    private static final int MASK = KmodDevice.ENTRIES - 1;
    private static final int MAX_FRAME = KmodAbi.KNI_MAX_MTU + 14 + 8;

    private final KmodRings rings;
    private final MemorySegment memory;
    private final KmodMemory pinned;
    private final long rx;
    private final long free;
    private final int limit;
    private final MbufRecycler recycler = new MbufRecycler();

    /* By entry, as MbufRecycler has them: a packet is in its last entry, 0 in the others. */
    private final int[] handles = new int[KmodDevice.ENTRIES];
    private int next;
    private int done;

    /** A queue over a pair of a device. */
    public KmodTxQueue(int index, KmodDevice device, KmodMemory pinned, PortConfig config) {
        super(index, config);
        this.rings = device.rings(index);
        this.memory = rings.memory();
        this.pinned = pinned;
        this.rx = rings.offset(KmodAbi.KNI_RING_RX);
        this.free = rings.offset(KmodAbi.KNI_RING_FREE);
        this.limit = Math.min(config.txRingSize(), KmodDevice.ENTRIES);
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            clean();
            int before = next;
            int n = 0;
            while (n < count && send(from[at + n])) {
                n++;
            }
            if (next != before) {
                rings.publish(rx, next);
                rings.wake(rx);
            }
            return n;
        } finally {
            leave();
        }
    }

    /** Consumes a packet, whether it can be sent or not; false if there is no room for it now. */
    private boolean send(Mbuf m) {
        int segments = m.segments();
        if (!wellFormed(m, MAX_FRAME) || segments > Math.min(limit, KmodAbi.KNI_MAX_SEGMENTS)) {
            return lose(m);
        }
        if (segments > limit - (next - done)) {
            return false;
        }
        int first = next;
        int at = first;
        for (Mbuf segment = m; segment != null; segment = segment.next()) {
            if (segment.dataLength() > 0 && !put(at++, segment)) {
                return lose(m);
            }
        }
        if (!VnetHeader.write(m, memory, KmodRings.entry(rx, first) + KmodAbi.ENTRY_HEADER)) {
            return lose(m);
        }
        for (int i = first; i != at; i++) {
            boolean last = i + 1 == at;
            handles[i & MASK] = last ? handle(m) : 0;
            int flags = last ? 0 : KmodAbi.KNI_ENTRY_MORE;
            memory.set(JAVA_SHORT, KmodRings.entry(rx, i) + KmodAbi.ENTRY_FLAGS, (short) flags);
        }
        next = at;
        countSent(1, m.packetLength());
        return true;
    }

    private static int handle(Mbuf m) {
        return m.nextHandle() == 0 ? m.handle() : ~m.handle();
    }

    private boolean lose(Mbuf m) {
        recycler.free(m);
        countErrors(1);
        return true;
    }

    /** Describes a segment; false if its pool is not pinned. */
    private boolean put(int index, Mbuf segment) {
        MbufPool pool = segment.pool();
        long base = pinned.base(pool);
        long entry = KmodRings.entry(rx, index);
        long offset = pool.offsetOf(segment.index()) + segment.dataOffset();
        memory.set(JAVA_LONG, entry + KmodAbi.ENTRY_ADDRESS, base + offset);
        memory.set(JAVA_INT, entry + KmodAbi.ENTRY_LENGTH, segment.dataLength());
        return base >= 0;
    }

    /** Frees what the kernel has read. */
    private void clean() {
        int ready = rings.producer(free);
        while (done != ready) {
            int at = done & MASK;
            int some = Math.min(ready - done, KmodDevice.ENTRIES - at);
            recycler.freeHandles(handles, at, some);
            Arrays.fill(handles, at, at + some, 0);
            done += some;
        }
        rings.consumed(free, done);
    }

    @Override
    public void reclaim() {
        if (enter()) {
            try {
                clean();
            } finally {
                leave();
            }
        }
    }

    /** Whether the kernel has read all; no burst is running. */
    public boolean idle() {
        clean();
        return done == next;
    }

    /** Buffers of {@code wanted} that the kernel has; no burst is running. */
    public int heldBuffers(MbufPool wanted) {
        clean();
        int held = 0;
        for (int i = done; i != next; i++) {
            int handle = handles[i & MASK];
            @Nullable Mbuf m = handle == 0 ? null : Pools.mbuf(Math.max(handle, ~handle));
            for (; m != null; m = m.next()) {
                held += m.pool() == wanted ? 1 : 0;
            }
        }
        return held;
    }

    /** Takes everything back, after the rings were emptied; no burst is running. */
    public void empty() {
        for (; done != next; done++) {
            recycler.freeHandles(handles, done & MASK, 1);
            handles[done & MASK] = 0;
        }
        next = 0;
        done = 0;
        recycler.close();
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
