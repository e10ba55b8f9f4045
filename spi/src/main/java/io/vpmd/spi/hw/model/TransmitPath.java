// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;

import java.util.Arrays;

/**
 * Out of rings of advanced descriptors into the packet buffer, and from there onto the wire, as the
 * gigabit and ten-gigabit families do it. A subclass adds the registers that steer it. With the
 * device's lock held; allocates nothing.
 */
public abstract class TransmitPath implements TransmitPacket.Events {
    private static final int DESCRIPTORS_A_TURN = 64;
    private static final int BUFFER = 1 << 20;
    private static final int START_BELOW = 1 << 17;
    private static final int CRC = 4;
    private static final int MIN_FRAME = 60;
    private static final int MIN_PACKET = 17;
    private static final long TYPE = 0xfL << 20;
    private static final long TYPE_CONTEXT = 2L << 20;
    private static final long TYPE_DATA = 3L << 20;
    private static final long EOP = 1L << 24;
    private static final long IFCS = 1L << 25;
    private static final long RS = 1L << 27;
    private static final long ADVANCED = 1L << 29;
    private static final long DD = 1L << 32;
    private static final int HEAD_WRITE_BACK = 1;

    private final NicModel<?> model;
    private final DescriptorRings rings;
    private final Register headLow;
    private final Register headHigh;
    private final TransmitPacket[] packets;
    private final FrameBuffer buffer = new FrameBuffer(BUFFER);
    private final byte[] frame = new byte[1 << 16];
    private int first;
    private int fetching;

    /**
     * Nothing under way.
     *
     * @param headLow where a queue's head is written to instead of DD, when its lowest bit is set
     * @param headHigh the upper half of that address
     */
    @SuppressWarnings("this-escape") // nothing of a subclass runs before the first turn
    protected TransmitPath(
            NicModel<?> model,
            DescriptorRings rings,
            int queues,
            Register headLow,
            Register headHigh,
            TransmitPacket.Settings settings) {
        this.model = model;
        this.rings = rings;
        this.headLow = headLow;
        this.headHigh = headHigh;
        packets = new TransmitPacket[queues];
        for (int q = 0; q < queues; q++) {
            packets[q] = new TransmitPacket(model, settings, this, this::append);
        }
    }

    /** Whether descriptors are taken at the moment. */
    protected abstract boolean fetches();

    /** Whether a queue may begin its next packet: some have a rate. */
    protected boolean mayFetch(int queue, long now) {
        return true;
    }

    /** Whether short frames are padded. */
    protected abstract boolean pads();

    /** Whether a frame may leave: nothing does without a link, or when the partner wants none. */
    protected abstract boolean mayLeave();

    /** Takes a frame back when the device is looped. */
    protected abstract boolean loop(byte[] bytes, int length);

    /** Counts a packet of a queue that was put into the buffer, or found no room there. */
    protected abstract void queued(int queue, int length, boolean fits);

    /**
     * Counts a frame that was sent.
     *
     * @param size in bytes with CRC
     */
    protected abstract void count(byte[] sent, int size);

    /** A descriptor of a queue that asked for a report is done. */
    protected abstract void reported(int queue);

    /** A data descriptor was taken. */
    protected void taken(int queue, long high) {}

    /** Forgets what is under way. */
    public void reset() {
        buffer.clear();
        rings.reset();
        for (TransmitPacket packet : packets) {
            packet.reset();
        }
    }

    /** Takes descriptors and sends frames. */
    public final int turn(long now) {
        int n = 0;
        if (fetches()) {
            // Another queue is the first each time, so that none waits for ever.
            for (int i = 0; i < packets.length; i++) {
                n += fetch((first + i) % packets.length, now);
            }
            first = (first + 1) % packets.length;
        }
        return n + send();
    }

    private int fetch(int queue, long now) {
        int n = 0;
        while (n < DESCRIPTORS_A_TURN
                && rings.runs(queue)
                && mayFetch(queue, now)
                && model.mayAccess()
                && buffer.used() < START_BELOW
                && rings.available(queue) > 0) {
            take(queue, now);
            n++;
        }
        return n;
    }

    private void take(int queue, long now) {
        fetching = queue;
        long at = rings.address(queue, 0);
        long faults = model.dma().faults();
        long low = model.dma().word(at);
        long high = model.dma().word(at + 8);
        boolean fetched = model.dma().faults() == faults;
        TransmitPacket packet = packets[queue];
        if (fetched && (high & ADVANCED) == 0) {
            model.violations().add("legacy transmit descriptor");
        } else if (fetched && (high & TYPE) == TYPE_CONTEXT) {
            packet.context(low, high);
        } else if (fetched && (high & TYPE) == TYPE_DATA) {
            fetched = packet.add(low, high);
            if (fetched && (high & EOP) != 0) {
                if ((high & IFCS) == 0) {
                    model.violations().add("a packet without IFCS");
                }
                packet.end();
            }
            if (fetched) {
                taken(queue, high);
            }
        } else if (fetched) {
            model.violations().add("transmit descriptor of unknown type");
        }
        if (!fetched) {
            rings.halt(queue);
            return;
        }
        rings.advance(queue, 1);
        if ((high & RS) != 0) {
            report(queue, at, low, high, now);
        }
    }

    /** Either the head goes to memory, or DD into the descriptor. */
    private void report(int queue, long at, long low, long high, long now) {
        int target = model.registers().get(headLow, queue);
        if ((target & HEAD_WRITE_BACK) != 0) {
            long high32 = (long) model.registers().get(headHigh, queue) << 32;
            long address = high32 | (target & 0xffff_fffcL);
            model.dma().putInt(address, rings.head(queue));
        } else {
            model.writeBacks().put(at, low, high | DD, now, model.writeBackNanos());
        }
        reported(queue);
    }

    /** A frame that is ready to be sent. */
    private void append(byte[] bytes, int length) {
        if (length >= MIN_FRAME) {
            queued(fetching, length, buffer.append(bytes, 0, length));
            return;
        }
        if (length < MIN_PACKET) {
            model.violations().add("a packet of less than 17 bytes");
        }
        int size = pads() ? MIN_FRAME : length;
        System.arraycopy(bytes, 0, frame, 0, length);
        Arrays.fill(frame, length, size, (byte) 0);
        queued(fetching, length, buffer.append(frame, 0, size));
    }

    private int send() {
        int n = 0;
        while (!buffer.isEmpty() && n < DESCRIPTORS_A_TURN && mayLeave()) {
            int length = buffer.first(frame);
            if (!loop(frame, length) && !model.wire().send(frame, 0, length)) {
                break;
            }
            buffer.dropFirst();
            count(frame, length + CRC);
            n++;
        }
        model.wire().flush();
        return n;
    }
}
