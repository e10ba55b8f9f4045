// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The frames that the kit sends: Ethernet with a number and a pattern that tells it from others.
 */
public final class TestFrames {
    /** IEEE's EtherType for local experiments: no kernel answers it. */
    static final int ETHER_TYPE = 0x88b5;

    static final int MIN_LENGTH = 60;
    static final int HEADER_LENGTH = 14;

    private static final MacAddress SOURCE = MacAddress.parse("02:00:00:00:00:99");
    private static final int MAGIC = 0x76706d64;

    private TestFrames() {}

    /** Frame number {@code sequence} of {@code length} bytes, to {@code destination}. */
    static byte[] frame(MacAddress destination, int sequence, int length) {
        byte[] bytes = new byte[length];
        ByteBuffer b = ByteBuffer.wrap(bytes);
        b.put(destination.bytes()).put(SOURCE.bytes()).putShort((short) ETHER_TYPE);
        b.putInt(MAGIC).putInt(sequence);
        for (int i = b.position(); i < length; i++) {
            bytes[i] = (byte) (sequence * 31 + i);
        }
        return bytes;
    }

    /** {@code count} frames of all sizes from 60 to {@code maxLength}, the same at every call. */
    static List<byte[]> frames(MacAddress destination, int first, int count, int maxLength) {
        Random random = new Random(first * 7919L + count);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length =
                    switch (i) {
                        case 0 -> MIN_LENGTH;
                        case 1 -> maxLength;
                        default -> random.nextInt(MIN_LENGTH, maxLength + 1);
                    };
            frames.add(frame(destination, first + i, length));
        }
        return frames;
    }

    /** Whether the kit made it. */
    static boolean ours(byte[] frame) {
        return frame.length >= MIN_LENGTH
                && (frame[12] & 0xff) == ETHER_TYPE >>> 8
                && (frame[13] & 0xff) == (ETHER_TYPE & 0xff)
                && ByteBuffer.wrap(frame).getInt(HEADER_LENGTH) == MAGIC;
    }

    /** The number of a frame that is {@link #ours}. */
    static int sequence(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(HEADER_LENGTH + 4);
    }

    /** The number of a packet that is ours. */
    static int sequence(Mbuf packet) {
        return packet.intAt(HEADER_LENGTH + 4);
    }

    /** Takes buffers for {@code bytes}, several where one is too small. */
    public static Mbuf packet(MbufPool pool, byte[] bytes) {
        return packet(pool, bytes, pool.dataRoom());
    }

    /** The same in segments of at most {@code segmentBytes}. */
    public static Mbuf packet(MbufPool pool, byte[] bytes, int segmentBytes) {
        return packet(List.of(pool), bytes, segmentBytes);
    }

    /** The same with the segments' buffers taken from the pools in turn. */
    static Mbuf packet(List<MbufPool> pools, byte[] bytes, int segmentBytes) {
        Mbuf first = null;
        Mbuf last = null;
        int at = 0;
        int segment = 0;
        do {
            Mbuf m = take(pools.get(segment++ % pools.size()));
            int n = Math.min(segmentBytes, bytes.length - at);
            m.putBytes(m.append(n), bytes, at, n);
            at += n;
            if (first == null) {
                first = m;
            } else {
                first.chain(last, m);
            }
            last = m;
        } while (at < bytes.length);
        return first;
    }

    /** One empty buffer. */
    static Mbuf take(MbufPool pool) {
        try (var cache = pool.newCache()) {
            Mbuf m = cache.take();
            assertNotNull(m, () -> "no free buffer in " + pool + ", taken " + pool.taken());
            return m;
        }
    }

    /** All bytes of a packet. */
    public static byte[] bytes(Mbuf packet) {
        byte[] bytes = new byte[packet.packetLength()];
        int at = 0;
        for (Mbuf m = packet; m != null; m = m.next()) {
            m.bytes(0, bytes, at, m.dataLength());
            at += m.dataLength();
        }
        return bytes;
    }

    /** A received packet as a frame, with what its metadata says about checksum and segments. */
    static WireFrame wireFrame(Mbuf packet) {
        boolean partial =
                (packet.flags() & MbufFlags.RX_L4_MASK) == MbufFlags.RX_L4_PARTIAL
                        || (packet.flags() & MbufFlags.TX_L4_MASK) != 0;
        int segmentSize = packet.has(MbufFlags.TX_TSO) ? packet.segmentSize() : 0;
        return new WireFrame(bytes(packet), partial || segmentSize > 0, segmentSize);
    }
}
