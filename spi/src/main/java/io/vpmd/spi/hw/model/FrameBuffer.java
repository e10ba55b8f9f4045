// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/** A packet buffer: frames one behind the other in a fixed number of bytes. One thread. */
public final class FrameBuffer {
    private static final int LENGTH_BYTES = 4;

    private final byte[] ring;
    private int head;
    private int used;
    private int frames;

    public FrameBuffer(int bytes) {
        ring = new byte[bytes];
    }

    /** Bytes of frames that would still fit as one. */
    public int room() {
        return Math.max(0, ring.length - used - LENGTH_BYTES);
    }

    public int frames() {
        return frames;
    }

    public boolean isEmpty() {
        return frames == 0;
    }

    /** Bytes in use, lengths included. */
    public int used() {
        return used;
    }

    /** Appends a frame; false when it does not fit. */
    public boolean append(byte[] from, int at, int length) {
        if (length > room()) {
            return false;
        }
        int tail = wrap(head + used);
        for (int i = 0; i < LENGTH_BYTES; i++) {
            ring[wrap(tail + i)] = (byte) (length >>> (8 * i));
        }
        int start = wrap(tail + LENGTH_BYTES);
        int first = Math.min(length, ring.length - start);
        System.arraycopy(from, at, ring, start, first);
        System.arraycopy(from, at + first, ring, 0, length - first);
        used += LENGTH_BYTES + length;
        frames++;
        return true;
    }

    /** Length of the first frame, 0 when there is none. */
    public int firstLength() {
        if (frames == 0) {
            return 0;
        }
        int length = 0;
        for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
            length = length << 8 | (ring[wrap(head + i)] & 0xff);
        }
        return length;
    }

    /** Copies the first frame, which stays; returns its length, 0 when there is none. */
    public int first(byte[] into) {
        int length = firstLength();
        int start = wrap(head + LENGTH_BYTES);
        int part = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, into, 0, part);
        System.arraycopy(ring, 0, into, part, length - part);
        return length;
    }

    public void dropFirst() {
        int bytes = LENGTH_BYTES + firstLength();
        head = wrap(head + bytes);
        used -= bytes;
        frames--;
    }

    public void clear() {
        head = 0;
        used = 0;
        frames = 0;
    }

    private int wrap(int at) {
        return at >= ring.length ? at - ring.length : at;
    }
}
