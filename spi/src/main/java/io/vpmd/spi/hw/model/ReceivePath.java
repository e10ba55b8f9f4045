// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.util.zip.CRC32;

/**
 * From the wire into the packet buffer, and from there into rings of advanced descriptors; which
 * frames, and into which rings, is the device's. With the device's lock held.
 */
public abstract class ReceivePath {
    private static final int FRAMES_A_TURN = 64;
    private static final int CRC = 4;
    private static final long DD = 1;
    private static final long EOP = 1 << 1;

    /** The packet that is delivered. */
    protected final byte[] frame = new byte[1 << 16];

    private final NicModel<?> model;
    private final DescriptorRings rings;
    private final Description description;
    private final FrameBuffer buffer;
    private final CRC32 crc = new CRC32();

    /** What a packet's descriptors say of it. */
    public interface Description {
        /** Types and hash. */
        long firstWord();

        /** Status and errors of the last descriptor, without DD and EOP. */
        long status();

        /** The tag that was taken out, 0 for none. */
        long tag();
    }

    /** Nothing under way. */
    protected ReceivePath(
            NicModel<?> model, DescriptorRings rings, Description description, int bufferBytes) {
        this.model = model;
        this.rings = rings;
        this.description = description;
        buffer = new FrameBuffer(bufferBytes);
    }

    /** Whether frames are taken off the wire. */
    protected abstract boolean listens();

    /** Takes a frame, from the wire or looped back. */
    public abstract void arrive(byte[] bytes, int length);

    /**
     * Delivers the first packet of the buffer, which {@link #first} gives, or drops it.
     *
     * @return false when it has to wait, and stays
     */
    protected abstract boolean deliverFirst(long now);

    /** A packet was put into a ring. */
    protected abstract void delivered(int queue, int bytes);

    /** Bytes that wait in the packet buffer. */
    public final int waiting() {
        return buffer.used();
    }

    /** Forgets what waits. */
    protected final void clear() {
        buffer.clear();
    }

    /** Keeps a frame until it is delivered; false when there is no room. */
    protected final boolean keep(byte[] bytes, int length) {
        return buffer.append(bytes, 0, length);
    }

    /** Copies the first packet to {@link #frame}, and returns its length. */
    protected final int first() {
        return buffer.first(frame);
    }

    /** Takes the first packet out. */
    protected final void dropFirst() {
        buffer.dropFirst();
    }

    /** Takes frames off the wire and gives packets to rings. */
    protected final int move(long now) {
        int n = 0;
        if (listens()) {
            int length = model.wire().receive(frame);
            while (length > 0) {
                n++;
                arrive(frame, length);
                length = n < FRAMES_A_TURN ? model.wire().receive(frame) : 0;
            }
        }
        return n + deliver(now);
    }

    private int deliver(long now) {
        int n = 0;
        while (model.mayAccess() && !buffer.isEmpty() && n < FRAMES_A_TURN && deliverFirst(now)) {
            n++;
        }
        return n;
    }

    /** Puts the check sequence behind the packet, and returns the length with it. */
    protected final int appendCrc(int length) {
        crc.reset();
        crc.update(frame, 0, length);
        int value = (int) crc.getValue();
        for (int i = 0; i < CRC; i++) {
            frame[length + i] = (byte) (value >>> (8 * i));
        }
        return length + CRC;
    }

    /**
     * Puts the packet into buffers of a queue that has them.
     *
     * @param room bytes of a buffer
     * @param needed how many buffers
     */
    protected final void put(int queue, int length, int room, int needed, long now) {
        for (int i = 0; i < needed; i++) {
            int from = i * room;
            int n = Math.min(room, length - from);
            long descriptor = rings.address(queue, i);
            long target = model.dma().word(descriptor);
            if (!model.dma().write(target, frame, from, n)) {
                rings.halt(queue);
                return;
            }
            boolean last = i == needed - 1;
            long status = DD | (last ? EOP | description.status() : 0);
            model.writeBacks()
                    .put(
                            descriptor,
                            description.firstWord(),
                            status | (long) n << 32 | (last ? description.tag() << 48 : 0),
                            now,
                            model.writeBackNanos());
        }
        rings.advance(queue, needed);
        delivered(queue, length);
    }
}
