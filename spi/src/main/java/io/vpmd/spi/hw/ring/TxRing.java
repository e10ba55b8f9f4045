// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.DmaPools;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.mbuf.Pools;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Sends from a ring of advanced descriptors, 7.2.2. The device is asked to report (RS) at the end
 * of a burst and every {@value #REPORT_STEP} descriptors within one; what lies before a reported
 * descriptor is done.
 *
 * <p>A driver's queue adds how its device is told to start and to end. In this order: {@link
 * #restart()}, registers, enable, bursts, disable, {@link #empty()}.
 */
public abstract class TxRing extends TxQueue {
    private static final int REPORT_STEP = 32;
    /* Packets under way at which it is worth a look which are done: they are still in the cache. */
    private static final int CLEAN_STEP = 64;
    private static final long PLAIN =
            Descriptors.TX_DATA | Descriptors.TX_IFCS | Descriptors.TX_EOP;

    private final Mmio mmio;
    private final int tailRegister;
    private final DmaPools pools;
    private final DmaMemory memory;
    /* Address of the first descriptor. */
    private final long ring;
    private final MbufRecycler recycler = new MbufRecycler();
    private final TxContext context = new TxContext();
    /* The packet that ends in a slot, a chain as ~handle; 0 in the other slots. */
    private final int[] handles;
    private final TxReports reports;
    private final int mask;
    /* One descriptor is for the context. */
    private final int mostSegments;

    /* That of the last packet, as a rule that of the next. */
    private @Nullable MbufPool pool;
    private @Nullable DmaMap map;
    private @Nullable MbufCache cache;
    /* From this descriptor on all packets are one buffer of that pool each. */
    private int plainFrom;
    private int maxFrame;
    private int next;
    private int done;
    private int sinceReport;
    /* Of the packets that row() wrote last. */
    private long rowBytes;

    /**
     * A queue that is not started.
     *
     * @param tail offset of the queue's tail register
     * @param pools where the device finds the buffers of any pool
     * @param mostSegments of a packet that the device takes
     */
    protected TxRing(
            int index,
            Bus bus,
            Mmio mmio,
            int tail,
            DmaPools pools,
            PortConfig config,
            int mostSegments) {
        super(index, config);
        this.mmio = mmio;
        this.tailRegister = tail;
        this.pools = pools;
        int size = config.txRingSize();
        this.handles = new int[size];
        this.mask = size - 1;
        this.mostSegments = Math.min(mostSegments, mask - 1);
        this.memory = bus.allocate("tx" + index, (long) size * Descriptors.SIZE);
        this.ring = memory.memory().address();
        this.reports = new TxReports(ring, size);
    }

    /** Packets of more bytes are errors from now on. No burst is running. */
    public final void setMaxFrame(int bytes) {
        maxFrame = bytes;
    }

    @Override
    public final int txBurst(Mbuf[] from, int at, int count) {
        Objects.checkFromIndexSize(at, count, from.length);
        if (!enter()) {
            checkPackets(from, at, count);
            return discard(from, at, count);
        }
        try {
            return send(from, at, count);
        } finally {
            leave();
        }
    }

    private int send(Mbuf[] from, int at, int count) {
        int start = next;
        int inFlight = start - done;
        if (inFlight >= CLEAN_STEP || mask - inFlight < count) {
            clean();
        }
        int n = 0;
        while (n < count) {
            int most = Math.min(Math.min(count - n, room()), REPORT_STEP);
            int run = Math.min(most, handles.length - (next & mask));
            int plain = plain(from, at + n, run);
            if (n == 0) {
                // A null anywhere in the burst throws before any packet is the device's.
                checkPackets(from, at + plain, count - plain);
            }
            int alike = written(plain) < run ? alike(from, at + n + plain, run - plain) : 0;
            n += plain + written(alike);
            if (plain + alike < run || run == 0) {
                if (!any(from[at + n])) {
                    break;
                }
                n++;
            }
        }
        if (next != start) {
            report();
            mmio.write(tailRegister, next & mask);
        }
        return n;
    }

    /** Writes packets that ask for nothing, which is what most are. */
    private int plain(Mbuf[] from, int at, int count) {
        return row(from, at, count, 0, 0, 0, TxLimits.MIN_DATA, PLAIN);
    }

    /**
     * Writes packets that ask for the checksums that the last one asked for that asked for
     * anything: the device remembers where the headers are.
     */
    private int alike(Mbuf[] from, int at, int count) {
        int request = context.checksums();
        if (request == 0) {
            return 0;
        }
        return row(
                from,
                at,
                count,
                request,
                context.headerLengths(),
                -1,
                Math.max(TxLimits.MIN_DATA, context.shortest()),
                PLAIN | context.command());
    }

    /**
     * Writes the descriptors of packets that are one buffer each of the usual pool and ask for the
     * same; there is room. They are the device's with {@link #written}.
     *
     * @param lengths of the headers, of which the bits in {@code wanted} count
     * @param shortest packet
     * @param command for the second word of each descriptor
     * @return how many there were before the first that is anything else
     */
    private int row(
            Mbuf[] from,
            int at,
            int count,
            int request,
            int lengths,
            int wanted,
            int shortest,
            long command) {
        MbufPool usual = pool;
        DmaMap addresses = map;
        if (usual == null || addresses == null || usual.unmapped()) {
            return 0;
        }
        int longest = maxFrame - shortest;
        boolean ip = (request & MbufFlags.TX_IP_CKSUM) != 0;
        int[] kept = handles;
        int start = next & mask;
        long to = Descriptors.at(ring, start);
        int n = 0;
        long bytes = 0;
        while (n < count) {
            Mbuf m = from[at + n];
            int length = m.packetLength();
            int other = ((m.flags() & MbufFlags.TX_MASK) ^ request) | m.nextHandle();
            // Written as two conditions, because each is a branch.
            if (m.pool() != usual
                    || (other | ((m.headerLengths() ^ lengths) & wanted)) != 0
                    || Integer.compareUnsigned(length - shortest, longest) > 0) {
                break;
            }
            if (ip) {
                TxContext.clearIpChecksum(m);
            }
            Descriptors.setLow(to, addresses.busAddress(m.dataAddress()));
            Descriptors.setHigh(
                    to, command | length | (long) length << Descriptors.TX_PAYLEN_SHIFT);
            to += Descriptors.SIZE;
            kept[start + n] = m.handle();
            bytes += length;
            n++;
        }
        rowBytes = bytes;
        return n;
    }

    /** Takes note of the packets that row() wrote. */
    private int written(int packets) {
        if (packets != 0) {
            next += packets;
            sinceReport += packets;
            if (sinceReport >= REPORT_STEP) {
                report();
            }
            countSent(packets, rowBytes);
        }
        return packets;
    }

    /**
     * Sends, or consumes, one packet of any kind.
     *
     * @return false when there is no room for it
     */
    private boolean any(Mbuf m) {
        int offload = TxContext.requests(m);
        if (!wellFormed(m, maxFrame) || !TxLimits.allow(m, offload, mostSegments)) {
            recycler.free(m);
            countErrors(1);
            return true;
        }
        if (room() < m.segments() + 1 && !cleaned(m.segments() + 1)) {
            return false;
        }
        if (pool != m.pool()) {
            pool = m.pool();
            map = pools.map(m.pool());
            cache = recycler.cache(m.pool());
        }
        int length = m.packetLength();
        put(m, offload);
        plainFrom = next;
        countSent(1, length);
        return true;
    }

    private int room() {
        return mask - (next - done);
    }

    private boolean cleaned(int wanted) {
        clean();
        return room() >= wanted;
    }

    /** Writes the descriptors of one packet, for which there is room. */
    private void put(Mbuf m, int offload) {
        if (m.packetLength() < TxLimits.MIN_DATA) {
            TxLimits.pad(m);
        }
        long command = Descriptors.TX_DATA | Descriptors.TX_IFCS;
        long payload = m.packetLength();
        if (offload != 0) {
            if (context.prepare(m, offload)) {
                write(context.first(), context.second());
            }
            command |= context.command();
            payload -= context.headers();
        }
        command |= payload << Descriptors.TX_PAYLEN_SHIFT;
        @Nullable Mbuf segment = m;
        while (segment != null) {
            int length = segment.dataLength();
            if (length != 0) {
                write(pools.busAddress(segment), command | length);
            }
            segment = segment.next();
        }
        int end = (next - 1) & mask;
        handles[end] = m.nextHandle() == 0 ? m.handle() : ~m.handle();
        long last = Descriptors.at(ring, end);
        Descriptors.setHigh(last, Descriptors.high(last) | Descriptors.TX_EOP);
        if (sinceReport >= REPORT_STEP) {
            report();
        }
    }

    private void write(long low, long high) {
        int slot = next & mask;
        long to = Descriptors.at(ring, slot);
        Descriptors.setLow(to, low);
        Descriptors.setHigh(to, high);
        handles[slot] = 0;
        next++;
        sinceReport++;
    }

    /** Asks for a write-back of the last descriptor written, which ends a packet. */
    private void report() {
        if (sinceReport != 0) {
            reports.ask(next);
            sinceReport = 0;
        }
    }

    /** Frees what the device has reported as sent. */
    private void clean() {
        while (reports.next()) {
            freeUntil(reports.take());
        }
    }

    private void freeUntil(int end) {
        while (done != end) {
            int slot = done & mask;
            int run = Math.min(end - done, handles.length - slot);
            boolean plain = done - plainFrom >= 0;
            done += run;
            MbufCache usual = cache;
            if (plain && usual != null) {
                recycler.freeHandles(usual, handles, slot, run);
            } else {
                recycler.freeHandles(handles, slot, run);
            }
        }
    }

    @Override
    public final void reclaim() {
        if (enter()) {
            try {
                clean();
            } finally {
                leave();
            }
        }
    }

    /** Makes the ring empty, from its first descriptor on. */
    protected final void restart() {
        next = 0;
        done = 0;
        plainFrom = 0;
        reports.clear();
        sinceReport = 0;
        context.forget();
    }

    /** Address of the first descriptor, as the device sees it. */
    protected final long busAddress() {
        return memory.busAddress();
    }

    /** Length of the ring in bytes. */
    protected final int bytes() {
        return handles.length * Descriptors.SIZE;
    }

    /** Where the device's head is when it has sent everything. */
    protected final int end() {
        return next & mask;
    }

    /**
     * Enables the queue, whose ring is empty then.
     *
     * @throws io.vpmd.spi.PortException when the device does not do it in time
     */
    public abstract void start();

    /**
     * Lets the ring run empty, as far as the link takes it, and ends transmission.
     *
     * @throws io.vpmd.spi.PortException when the device does not end it in time
     */
    public abstract void disable();

    /** Frees all packets; the device is not reading them any more. */
    public final void empty() {
        freeUntil(next);
        reports.clear();
        pool = null;
        map = null;
        cache = null;
        recycler.close();
    }

    /** How many buffers of a pool the queue holds; no burst is running. */
    public final int heldBuffers(MbufPool wanted) {
        clean();
        int held = 0;
        for (int i = done; i != next; i++) {
            int handle = handles[i & mask];
            int head = Math.max(handle, ~handle);
            for (Mbuf m = handle == 0 ? null : Pools.mbuf(head); m != null; m = m.next()) {
                held += m.pool() == wanted ? 1 : 0;
            }
        }
        return held;
    }

    @Override
    protected final void release() {
        empty();
        memory.close();
    }
}
