// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.nio.LongBuffer;
import java.util.Objects;

/**
 * Receives into a ring of advanced descriptors, 7.1.5. All descriptors but the one before the tail
 * are the device's; a descriptor is given a fresh buffer as soon as its packet is taken.
 */
final class IgbRxQueue extends RxQueue {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;
    private static final int DISABLE_TIMEOUT_MICROS = 10_000;
    /* Packets to take before the device is told: each time is a write across PCIe. */
    private static final int TAIL_STEP = 32;
    /* A descriptor that holds all of a packet. */
    private static final long WHOLE = IgbDesc.RX_DD | IgbDesc.RX_EOP;

    private final Registers regs;
    private final Mmio mmio;
    private final int tailRegister;
    private final MbufPool pool;
    private final MbufCache cache;
    private final DmaMap map;
    private final DmaMemory memory;
    private final LongBuffer ring;
    private final int[] buffers;
    private final int mask;
    private final int tailStep;
    private final int headroom;
    private final int port;
    private final IgbRxFlags meaning;
    private final @Nullable IgbRxInterrupt interrupt;

    private int next;
    private int taken;
    private int filled;
    private @Nullable Mbuf first;
    private @Nullable Mbuf last;
    private boolean armed;

    IgbRxQueue(
            int index,
            int port,
            Bus bus,
            Registers regs,
            DmaMap map,
            PortConfig config,
            @Nullable IgbRxInterrupt interrupt) {
        super(index);
        this.interrupt = interrupt;
        this.regs = regs;
        this.mmio = regs.mmio();
        this.tailRegister = RDT.at(index);
        this.pool = config.rxPool();
        this.map = map;
        this.headroom = pool.headroom();
        this.port = port;
        this.meaning = new IgbRxFlags(config.rxOffloads());
        int size = config.rxRingSize();
        this.buffers = new int[size];
        this.mask = size - 1;
        this.tailStep = Math.min(TAIL_STEP, size / 4);
        this.memory = bus.allocate("rx" + index, (long) size * IgbDesc.SIZE);
        this.ring = IgbDesc.words(memory.memory());
        this.cache = pool.newCache();
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            return receive(into, at, max);
        } finally {
            leave();
        }
    }

    private int receive(Mbuf[] into, int at, int max) {
        int n = 0;
        int limit;
        int before;
        do {
            before = taken;
            // Up to the end of the ring: a loop over neighbours is what the JIT does best.
            limit = Math.min(Math.min(max - n, cache.atHand()), mask + 1 - next);
            int ready = ready(limit);
            // All that the device wrote before the words that ready() saw is there from now on.
            VarHandle.acquireFence();
            int whole = first == null ? take(into, at + n, ready) : 0;
            n += whole;
            if (whole < ready) {
                n += gather(into, at + n, ready - whole);
            }
        } while (taken - before == limit && limit > 0 && n < max);
        if (taken >= tailStep) {
            taken = 0;
            mmio.write(tailRegister, (next - 1) & mask);
        }
        if (armed && n > 0) {
            disarm();
        }
        return n;
    }

    /**
     * How many of the next descriptors have been written back, as far as the last of them tells:
     * that happens in their order. Who takes them looks at each once more.
     */
    private int ready(int max) {
        LongBuffer words = ring;
        int first = 2 * next + 1;
        if (max > 0 && (words.get(first + 2 * (max - 1)) & IgbDesc.RX_DD) != 0) {
            return max;
        }
        int n = 0;
        while (n < max && (words.get(first + 2 * n) & IgbDesc.RX_DD) != 0) {
            n++;
        }
        return n;
    }

    /**
     * Takes packets of one buffer each; as many fresh buffers take their places.
     *
     * @return how many there were before the first that is anything else
     */
    private int take(Mbuf[] into, int at, int count) {
        LongBuffer words = ring;
        int[] slots = buffers;
        int start = next;
        int bytes = 0;
        int i = 0;
        while (i < count) {
            int low = 2 * start + 2 * i;
            long back = words.get(low + 1);
            if ((back & WHOLE) != WHOLE) {
                break;
            }
            long head = words.get(low);
            Mbuf m = pool.mbuf(slots[start + i]);
            int index = cache.peekIndex(i);
            slots[start + i] = index;
            // The second word last, because it holds DD.
            words.put(low, map.busAddress(pool.offsetOf(index) + headroom));
            words.put(low + 1, 0);
            int length = (int) (back >>> IgbDesc.RX_LENGTH_SHIFT) & 0xffff;
            m.received(headroom, length, port, meaning.flags(back), IgbRxFlags.type(head));
            meaning.apply(m, head, back);
            bytes += length;
            into[at + i] = m;
            i++;
        }
        cache.drop(i);
        next = (start + i) & mask;
        taken += i;
        countReceived(i, bytes);
        return i;
    }

    /** Takes up to {@code count} buffers of which some belong together. */
    private int gather(Mbuf[] into, int at, int count) {
        int n = 0;
        long bytes = 0;
        int i = 0;
        while (i < count) {
            long back = ring.get(2 * next + 1);
            if ((back & IgbDesc.RX_DD) == 0) {
                break;
            }
            long head = ring.get(2 * next);
            Mbuf segment = pool.mbuf(buffers[next]);
            give(next, cache.peekIndex(i++));
            next = (next + 1) & mask;
            segment.received(headroom, (int) (back >>> IgbDesc.RX_LENGTH_SHIFT) & 0xffff, port);
            Mbuf m = join(segment, back);
            if (m != null) {
                m.setFlags(meaning.flags(back));
                m.setPacketType(IgbRxFlags.type(head));
                meaning.apply(m, head, back);
                bytes += m.packetLength();
                into[at + n++] = m;
            }
        }
        cache.drop(i);
        taken += i;
        countReceived(n, bytes);
        return n;
    }

    @Override
    public int eventFd() {
        return interrupt == null ? -1 : interrupt.eventFd();
    }

    @Override
    public boolean arm() {
        if (interrupt == null || !enter()) {
            return true;
        }
        try {
            if (!ready()) {
                armed = true;
                interrupt.arm();
            }
            return !ready();
        } finally {
            leave();
        }
    }

    private boolean ready() {
        return ((long) IgbDesc.WORD.getAcquire(memory.memory(), next * 16L + 8) & IgbDesc.RX_DD)
                != 0;
    }

    private void disarm() {
        armed = false;
        if (interrupt != null) {
            interrupt.disarm();
        }
    }

    /** Adds a segment to the packet that is under way; returns it when that was the last. */
    private @Nullable Mbuf join(Mbuf segment, long back) {
        Mbuf head = first;
        if (head == null || last == null) {
            head = segment;
        } else {
            head.chain(last, segment);
        }
        boolean end = (back & IgbDesc.RX_EOP) != 0;
        first = end ? null : head;
        last = end ? null : segment;
        return end ? head : null;
    }

    /** Makes a descriptor the device's again; the second word last, because it holds DD. */
    private void give(int slot, int index) {
        buffers[slot] = index;
        ring.put(2 * slot, map.busAddress(pool.offsetOf(index) + headroom));
        ring.put(2 * slot + 1, 0);
    }

    /** Fills the ring and lets the device receive, 4.5.9; RCTL.EN and the tail come after. */
    void start(int bufferKilobytes, boolean drop) {
        fill();
        int q = index();
        // Queue 0 is enabled after a reset, and base and length of such a one must stay.
        disable();
        regs.writeAddress(RDBAL, RDBAH, q, memory.busAddress());
        regs.write(RDLEN, q, buffers.length * IgbDesc.SIZE);
        regs.write(
                SRRCTL,
                q,
                bufferKilobytes | SRRCTL_DESCTYPE_ADVANCED | (drop ? SRRCTL_DROP_EN : 0));
        // Setting ENABLE initializes the head; the tail must not run ahead of it.
        regs.write(RDH, q, 0);
        regs.write(RDT, q, 0);
        // 82576 erratum: descriptors written back in groups may come late, so WTHRESH is 1.
        regs.write(
                RXDCTL, q, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT | 8 << XDCTL_HTHRESH_SHIFT | 8);
        regs.await(
                "start", RXDCTL, q, XDCTL_ENABLE, XDCTL_ENABLE, ENABLE_TIMEOUT_MICROS, "a queue");
    }

    /** Gives the descriptors to the device; with RCTL.EN set. */
    void open() {
        regs.write(RDT, index(), mask);
        if (interrupt != null) {
            // Somebody may be asleep who armed the queue before the port was stopped.
            armed = true;
            interrupt.arm();
        }
    }

    private void fill() {
        for (int i = 0; i < buffers.length; i++) {
            int index = cache.takeIndex();
            if (index < 0) {
                empty();
                throw new PortException(
                        "start",
                        "receive queue " + index(),
                        "pool "
                                + pool.name()
                                + " has fewer free buffers than the ring's "
                                + buffers.length,
                        "make the pool larger or the ring smaller");
            }
            give(i, index);
            filled = i + 1;
        }
        next = 0;
        taken = 0;
    }

    /** Ends reception, 4.5.9.2; the device may have written packets that nobody takes. */
    void disable() {
        regs.change(RXDCTL, index(), XDCTL_ENABLE, 0);
        regs.await(
                "stop", RXDCTL, index(), XDCTL_ENABLE, 0, DISABLE_TIMEOUT_MICROS, "a queue to end");
    }

    /** Frees all buffers; the device is not using them any more. */
    void empty() {
        while (filled > 0) {
            cache.freeIndex(buffers[--filled]);
        }
        if (first != null) {
            first.free();
            first = null;
            last = null;
        }
        cache.flush();
    }

    int heldBuffers(MbufPool wanted) {
        return wanted == pool ? filled + (first == null ? 0 : first.segments()) : 0;
    }

    @Override
    protected void release() {
        empty();
        cache.close();
        memory.close();
    }
}
