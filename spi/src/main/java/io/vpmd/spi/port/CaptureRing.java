// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finished pcapng blocks on their way from one burst thread to the writer. The producer stages the
 * blocks of a burst and then publishes as many as were really sent; a block that finds no room is
 * counted, and the burst never waits.
 *
 * <p>Blocks never wrap: a length of 0 says that the rest of the buffer is unused.
 */
final class CaptureRing {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle POSITION = MethodHandles.arrayElementVarHandle(long[].class);

    /* Places in positions, two cache lines apart: the producer's and the writer's. */
    private static final int TAIL = 16;
    private static final int HEAD = 32;

    private final long[] positions = new long[48];
    private final byte[] bytes;
    private final int mask;
    private final int snapLength;
    private final int direction;
    private final int queue;

    /* The producer's: how far blocks are staged, and what it last saw of the writer. */
    private long staged;
    private long headSeen;
    private long packets;
    private long dropped;

    private volatile boolean finished;

    /**
     * A ring.
     *
     * @param capacity bytes, a power of two
     * @param direction {@link Pcapng#INBOUND} or {@link Pcapng#OUTBOUND}
     * @param queue number of the queue, for the file
     */
    CaptureRing(int capacity, int snapLength, int direction, int queue) {
        this.bytes = new byte[capacity];
        this.mask = capacity - 1;
        this.snapLength = snapLength;
        this.direction = direction;
        this.queue = queue;
    }

    /**
     * Producer: adds a block for a packet behind those that are staged.
     *
     * @return the position behind it, for {@link #publish}; negative when there was no room
     */
    long stage(Mbuf packet, long timeNanos) {
        int captured = Math.min(packet.packetLength(), snapLength);
        int length = Pcapng.OVERHEAD + Pcapng.padded(captured);
        int at = reserve(length);
        if (at < 0) {
            return -1;
        }
        put(at, Pcapng.ENHANCED_PACKET);
        put(at + 4, length);
        put(at + 8, 0);
        put(at + Pcapng.TIME_HIGH, (int) (timeNanos >>> 32));
        put(at + Pcapng.TIME_LOW, (int) timeNanos);
        put(at + 20, captured);
        put(at + 24, packet.packetLength());
        int end = copy(packet, at + Pcapng.DATA, captured);
        put(end, 4 << 16 | 2);
        put(end + 4, direction);
        put(end + 8, 4 << 16 | 6);
        put(end + 12, queue);
        put(end + 16, 0);
        put(end + 20, length);
        staged += length;
        return staged;
    }

    /**
     * Where a block of {@code length} bytes can be, or -1; skips the end of the buffer if needed.
     */
    private int reserve(int length) {
        int at = (int) staged & mask;
        int rest = bytes.length - at;
        int skip = rest < length ? rest : 0;
        if (staged + skip + length - headSeen > bytes.length) {
            headSeen = (long) POSITION.getAcquire(positions, HEAD);
            if (staged + skip + length - headSeen > bytes.length) {
                return -1;
            }
        }
        if (skip > 0) {
            // Lengths are multiples of 4, so there is room for the type and length or no room.
            put(at, 0);
            staged += skip;
            at = 0;
        }
        return at;
    }

    private int copy(Mbuf packet, int at, int length) {
        int to = at;
        int left = length;
        for (Mbuf m = packet; m != null && left > 0; m = m.next()) {
            int n = Math.min(left, m.dataLength());
            MemorySegment.copy(m.memory(), ValueLayout.JAVA_BYTE, m.dataAddress(), bytes, to, n);
            to += n;
            left -= n;
        }
        int end = at + Pcapng.padded(length);
        while (to < end) {
            bytes[to++] = 0;
        }
        return end;
    }

    private void put(int at, int value) {
        INT.set(bytes, at, value);
    }

    /**
     * Producer: hands the writer all blocks before {@code position} and forgets those behind.
     *
     * @param count packets that these blocks are for, with those that found no room
     * @param lost how many of them found no room
     */
    void publish(long position, int count, int lost) {
        staged = position;
        packets += count;
        dropped += lost;
        POSITION.setRelease(positions, TAIL, position);
    }

    /** Producer: where blocks are staged from now on. */
    long position() {
        return staged;
    }

    /** Says that nothing will be published any more. */
    void finish() {
        finished = true;
    }

    /** Whether {@link #finish} was called and all is written. */
    boolean done() {
        return finished && (long) POSITION.getAcquire(positions, TAIL) == positions[HEAD];
    }

    long packets() {
        return packets;
    }

    long dropped() {
        return dropped;
    }

    /** Writer: how far blocks are published. */
    long limit() {
        return (long) POSITION.getAcquire(positions, TAIL);
    }

    /** Writer: time of the oldest block before {@code limit}, or {@link Long#MAX_VALUE}. */
    long oldestNanos(long limit) {
        long from = skipped(limit);
        if (from == limit) {
            return Long.MAX_VALUE;
        }
        int at = (int) from & mask;
        long high = (int) INT.get(bytes, at + Pcapng.TIME_HIGH);
        return high << 32 | ((int) INT.get(bytes, at + Pcapng.TIME_LOW) & 0xffff_ffffL);
    }

    /** Writer: moves the oldest block into {@code to}; false when it does not fit there. */
    boolean move(ByteBuffer to, long limit) {
        long from = skipped(limit);
        int at = (int) from & mask;
        int length = (int) INT.get(bytes, at + 4);
        if (to.remaining() < length) {
            return false;
        }
        to.put(bytes, at, length);
        POSITION.setRelease(positions, HEAD, from + length);
        return true;
    }

    private long skipped(long limit) {
        long from = positions[HEAD];
        int at = (int) from & mask;
        if (from != limit && (int) INT.get(bytes, at) == 0) {
            from += bytes.length - at;
            POSITION.setRelease(positions, HEAD, from);
        }
        return from;
    }
}
