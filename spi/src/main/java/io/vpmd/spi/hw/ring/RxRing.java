// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * Receives into a ring of advanced descriptors, 7.1.5. All descriptors but the one before the tail
 * are the device's; a descriptor is given a fresh buffer as soon as its packet is taken.
 *
 * <p>A driver's queue adds how its device is told to start and to end. In this order: {@link
 * #fill()}, registers, enable, {@link #open()}, bursts, disable, {@link #empty()}.
 */
public abstract class RxRing extends RxQueue {
    /* Packets to take before the device is told: each time is a write across PCIe. */
    private static final int TAIL_STEP = 32;
    /* A descriptor that holds all of a packet. */
    private static final long WHOLE = Descriptors.RX_DD | Descriptors.RX_EOP;

    private final Mmio mmio;
    private final int tailRegister;
    private final MbufPool pool;
    private final MbufCache cache;
    private final DmaMap map;
    private final DmaMemory memory;
    /* Address of the first descriptor. */
    private final long ring;
    private final int[] buffers;
    private final int mask;
    private final int tailStep;
    private final int headroom;
    private final int port;
    private final RxMeaning meaning;
    private final @Nullable RxInterrupt interrupt;
    private final RxChains chains;

    private int next;
    private int taken;
    private int filled;
    private boolean armed;

    /**
     * A queue that is not started.
     *
     * @param port number of the port, for the packets
     * @param tail offset of the queue's tail register
     * @param map where the device finds the buffers of the configuration's pool
     * @param interrupt null where the port has none that works
     */
    protected RxRing(
            int index,
            int port,
            Bus bus,
            Mmio mmio,
            int tail,
            DmaMap map,
            PortConfig config,
            RxMeaning meaning,
            @Nullable RxInterrupt interrupt) {
        super(index);
        this.interrupt = interrupt;
        this.mmio = mmio;
        this.tailRegister = tail;
        this.pool = config.rxPool();
        this.map = map;
        this.headroom = pool.headroom();
        this.port = port;
        this.meaning = meaning;
        int size = config.rxRingSize();
        this.buffers = new int[size];
        this.mask = size - 1;
        this.tailStep = Math.min(TAIL_STEP, size / 4);
        this.memory = bus.allocate("rx" + index, (long) size * Descriptors.SIZE);
        this.ring = memory.memory().address();
        this.cache = pool.newCache();
        boolean coalesces = config.rxOffloads().contains(RxOffload.TCP_LRO);
        this.chains = coalesces ? new RscChains(pool, size) : new RowChains();
    }

    @Override
    public final int rxBurst(Mbuf[] into, int at, int max) {
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
            int whole = chains.open() ? 0 : take(into, at + n, ready);
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
        if (max > 0 && written(next + max - 1)) {
            return max;
        }
        int n = 0;
        while (n < max && written(next + n)) {
            n++;
        }
        return n;
    }

    private boolean written(int slot) {
        return (Descriptors.high(descriptor(slot)) & Descriptors.RX_DD) != 0;
    }

    private long descriptor(int slot) {
        return Descriptors.at(ring, slot);
    }

    /**
     * Takes packets of one buffer each; as many fresh buffers take their places.
     *
     * @return how many there were before the first that is anything else
     */
    private int take(Mbuf[] into, int at, int count) {
        int[] slots = buffers;
        int start = next;
        long descriptor = descriptor(start);
        int bytes = 0;
        int i = 0;
        while (i < count) {
            long back = Descriptors.high(descriptor);
            if ((back & WHOLE) != WHOLE) {
                break;
            }
            long head = Descriptors.low(descriptor);
            int fresh = cache.peekIndex(i);
            // The second word last, because it holds DD.
            Descriptors.setLow(descriptor, map.busAddress(pool.offsetOf(fresh) + headroom));
            Descriptors.setHigh(descriptor, 0);
            descriptor += Descriptors.SIZE;
            Mbuf m = pool.mbuf(slots[start + i]);
            slots[start + i] = fresh;
            int length = (int) (back >>> Descriptors.RX_LENGTH_SHIFT) & 0xffff;
            m.received(headroom, length, port, meaning.flags(back), RxMeaning.type(head));
            meaning.apply(m, head, back);
            bytes += length;
            into[at + i] = m;
            i++;
        }
        cache.drop(i);
        countReceived(i, bytes);
        next = (start + i) & mask;
        taken += i;
        return i;
    }

    /** Takes up to {@code count} buffers of which some belong together. */
    private int gather(Mbuf[] into, int at, int count) {
        int n = 0;
        long bytes = 0;
        int i = 0;
        while (i < count) {
            long from = descriptor(next);
            long back = Descriptors.high(from);
            if ((back & Descriptors.RX_DD) == 0) {
                break;
            }
            long head = Descriptors.low(from);
            int slot = next;
            Mbuf segment = pool.mbuf(buffers[slot]);
            give(slot, cache.peekIndex(i++));
            next = (slot + 1) & mask;
            segment.received(headroom, (int) (back >>> Descriptors.RX_LENGTH_SHIFT) & 0xffff, port);
            Mbuf m = chains.join(slot, segment, head, back);
            if (m != null) {
                m.setFlags(meaning.flags(back));
                m.setPacketType(RxMeaning.type(head));
                meaning.apply(m, head, back);
                chains.describe(slot, m);
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
    public final int eventFd() {
        return interrupt == null ? -1 : interrupt.eventFd();
    }

    @Override
    public final boolean arm() {
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

    /** Looks anew, whatever was read before. */
    private boolean ready() {
        VarHandle.acquireFence();
        return written(next);
    }

    private void disarm() {
        armed = false;
        if (interrupt != null) {
            interrupt.disarm();
        }
    }

    /** Makes a descriptor the device's again; the second word last, because it holds DD. */
    private void give(int slot, int index) {
        buffers[slot] = index;
        Descriptors.setLow(descriptor(slot), map.busAddress(pool.offsetOf(index) + headroom));
        Descriptors.setHigh(descriptor(slot), 0);
    }

    /** Address of the first descriptor, as the device sees it. */
    protected final long busAddress() {
        return memory.busAddress();
    }

    /** Length of the ring in bytes. */
    protected final int bytes() {
        return buffers.length * Descriptors.SIZE;
    }

    /**
     * Fills the ring and enables the queue; the receiver and the tail come after.
     *
     * @param bufferKilobytes how much of a buffer the device may use
     * @param drop whether packets that find no descriptor are dropped
     * @throws PortException when the pool is short of buffers or the device does not do it in time
     */
    public abstract void start(int bufferKilobytes, boolean drop);

    /** Gives the descriptors to the device, which is enabled. */
    public final void open() {
        mmio.write(tailRegister, mask);
        if (interrupt != null) {
            // Somebody may be asleep who armed the queue before the port was stopped.
            armed = true;
            interrupt.arm();
        }
    }

    /**
     * Puts a buffer into every descriptor.
     *
     * @throws PortException when the pool has fewer; then it has all of them back
     */
    protected final void fill() {
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

    /**
     * Ends reception; the device may have written packets that nobody takes.
     *
     * @throws PortException when the device does not end it in time
     */
    public abstract void disable();

    /** Frees all buffers; the device is not using them any more. */
    public final void empty() {
        while (filled > 0) {
            cache.freeIndex(buffers[--filled]);
        }
        chains.free();
        cache.flush();
    }

    /** How many buffers of a pool the queue holds; no burst is running. */
    public final int heldBuffers(MbufPool wanted) {
        return wanted == pool ? filled + chains.held() : 0;
    }

    @Override
    protected final void release() {
        empty();
        cache.close();
        memory.close();
    }
}
