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

import java.lang.invoke.VarHandle;
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
    /* The MAC pads what is shorter than 64 bytes, but wants 17 to begin with. */
    private static final int MIN_DATA = 17;
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
    private final int[] reports;
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
    private int reportsMade;
    private int reportsSeen;
    private int sinceReport;

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
        this.reports = new int[size];
        this.mask = size - 1;
        this.mostSegments = Math.min(mostSegments, mask - 1);
        this.memory = bus.allocate("tx" + index, (long) size * Descriptors.SIZE);
        this.ring = memory.memory().address();
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
        int unchecked = count;
        while (n < count) {
            int most = Math.min(Math.min(count - n, room()), REPORT_STEP);
            int run = Math.min(most, handles.length - (next & mask));
            int plain = plain(from, at + n, run, unchecked);
            unchecked = 0;
            n += plain;
            int alike = plain < run ? alike(from, at + n, run - plain) : 0;
            n += alike;
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

    /**
     * Writes the descriptors of packets that are one buffer each and ask for nothing, which is what
     * most are; there is room. A null among them throws before any is sent.
     *
     * @param unchecked how many may be null: these packets and what follows them in the burst, or 0
     * @return how many there were before the first that is anything else
     */
    private int plain(Mbuf[] from, int at, int count, int unchecked) {
        MbufPool usual = pool;
        DmaMap addresses = map;
        if (usual == null || addresses == null || usual.unmapped()) {
            checkPackets(from, at, unchecked);
            return 0;
        }
        int longest = maxFrame - MIN_DATA;
        int[] kept = handles;
        int start = next & mask;
        long to = descriptor(start);
        int n = 0;
        long bytes = 0;
        while (n < count) {
            Mbuf m = from[at + n];
            int length = m.packetLength();
            // Written as two conditions, because each is a branch.
            if (m.pool() != usual
                    || ((m.flags() & MbufFlags.TX_MASK) | m.nextHandle()) != 0
                    || Integer.compareUnsigned(length - MIN_DATA, longest) > 0) {
                break;
            }
            Descriptors.setLow(to, addresses.busAddress(m.dataAddress()));
            Descriptors.setHigh(to, PLAIN | length | (long) length << Descriptors.TX_PAYLEN_SHIFT);
            to += Descriptors.SIZE;
            kept[start + n] = m.handle();
            bytes += length;
            n++;
        }
        checkPackets(from, at + n, unchecked - n);
        written(n, bytes);
        return n;
    }

    /**
     * The same for packets that ask for the checksums that the one before them asked for: the
     * device remembers where the headers are.
     */
    private int alike(Mbuf[] from, int at, int count) {
        MbufPool usual = pool;
        DmaMap addresses = map;
        int request = context.checksums();
        if (request == 0 || usual == null || addresses == null || usual.unmapped()) {
            return 0;
        }
        int lengths = context.headerLengths();
        int shortest = Math.max(MIN_DATA, context.shortest());
        int longest = maxFrame - shortest;
        long command = PLAIN | context.command();
        boolean ip = (request & MbufFlags.TX_IP_CKSUM) != 0;
        int[] kept = handles;
        int start = next & mask;
        long to = descriptor(start);
        int n = 0;
        long bytes = 0;
        while (n < count) {
            Mbuf m = from[at + n];
            int length = m.packetLength();
            int other = ((m.flags() & MbufFlags.TX_MASK) ^ request) | (m.headerLengths() ^ lengths);
            if (m.pool() != usual
                    || (other | m.nextHandle()) != 0
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
        written(n, bytes);
        return n;
    }

    /** Takes note of descriptors that hold a packet each. */
    private void written(int packets, long bytes) {
        next += packets;
        sinceReport += packets;
        if (sinceReport >= REPORT_STEP) {
            report();
        }
        countSent(packets, bytes);
    }

    /**
     * Sends, or consumes, one packet of any kind.
     *
     * @return false when there is no room for it
     */
    private boolean any(Mbuf m) {
        int offload = TxContext.requests(m);
        if (!wellFormed(m, maxFrame) || !sendable(m, offload) || !mapped(m)) {
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

    /** Not so when the application kept packets of a pool that it closed. */
    private static boolean mapped(Mbuf m) {
        for (@Nullable Mbuf segment = m; segment != null; segment = segment.next()) {
            if (segment.pool().unmapped()) {
                return false;
            }
        }
        return true;
    }

    private int room() {
        return mask - (next - done);
    }

    private boolean cleaned(int wanted) {
        clean();
        return room() >= wanted;
    }

    private boolean sendable(Mbuf m, int offload) {
        if (m.segments() > mostSegments) {
            return false;
        }
        if (m.packetLength() < MIN_DATA) {
            return m.segments() == 1 && m.tailroom() >= MIN_DATA - m.dataLength();
        }
        return offload == 0 || TxContext.fits(m, offload);
    }

    /** Writes the descriptors of one packet, for which there is room. */
    private void put(Mbuf m, int offload) {
        if (m.packetLength() < MIN_DATA) {
            pad(m);
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
        mark(end, Descriptors.TX_EOP);
        if (sinceReport >= REPORT_STEP) {
            report();
        }
    }

    private static void pad(Mbuf m) {
        int missing = MIN_DATA - m.dataLength();
        int at = m.append(missing);
        for (int i = 0; i < missing; i++) {
            m.putByte(at + i, 0);
        }
    }

    private void write(long low, long high) {
        int slot = next & mask;
        Descriptors.setLow(descriptor(slot), low);
        Descriptors.setHigh(descriptor(slot), high);
        handles[slot] = 0;
        next++;
        sinceReport++;
    }

    private void mark(int slot, long bit) {
        long descriptor = descriptor(slot);
        Descriptors.setHigh(descriptor, Descriptors.high(descriptor) | bit);
    }

    private long descriptor(int slot) {
        return ring + (long) slot * Descriptors.SIZE;
    }

    /** Asks for a write-back of the last descriptor written, which ends a packet. */
    private void report() {
        if (sinceReport == 0) {
            return;
        }
        mark((next - 1) & mask, Descriptors.TX_RS);
        reports[reportsMade++ & mask] = next;
        sinceReport = 0;
    }

    /** Frees what the device has reported as sent. */
    private void clean() {
        while (reportsSeen != reportsMade) {
            int end = reports[reportsSeen & mask];
            boolean sent =
                    (Descriptors.high(descriptor((end - 1) & mask)) & Descriptors.TX_DD) != 0;
            VarHandle.acquireFence();
            if (!sent) {
                return;
            }
            reportsSeen++;
            freeUntil(end);
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
        reportsMade = 0;
        reportsSeen = 0;
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
        reportsSeen = reportsMade;
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
