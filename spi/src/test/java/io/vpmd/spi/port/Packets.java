// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.HexFormat;

/** Packets for tests: from bytes and back, over one or several segments. */
public final class Packets {
    private Packets() {}

    /** A packet with these bytes. */
    public static Mbuf of(MbufPool pool, byte... bytes) {
        return of(pool, bytes, Integer.MAX_VALUE);
    }

    /** A packet with these bytes in segments of at most {@code perSegment}. */
    public static Mbuf of(MbufPool pool, byte[] bytes, int perSegment) {
        Mbuf first = take(pool);
        Mbuf last = first;
        int room = Math.min(perSegment, first.tailroom());
        for (int at = 0; at < bytes.length; at += room) {
            int n = Math.min(room, bytes.length - at);
            if (at == 0) {
                first.putBytes(first.append(n), bytes, 0, n);
            } else {
                Mbuf segment = take(pool);
                segment.putBytes(segment.append(n), bytes, at, n);
                first.chain(last, segment);
                last = segment;
            }
        }
        return first;
    }

    private static Mbuf take(MbufPool pool) {
        try (var cache = pool.newCache()) {
            Mbuf m = cache.take();
            assertNotNull(m, "the pool is empty");
            return m;
        }
    }

    /** All bytes of a packet, whose chain is checked on the way. */
    public static byte[] bytes(Mbuf packet) {
        byte[] all = new byte[packet.packetLength()];
        int at = 0;
        int segments = 0;
        for (Mbuf m = packet; m != null; m = m.next()) {
            m.bytes(0, all, at, m.dataLength());
            at += m.dataLength();
            segments++;
        }
        assertEquals(all.length, at, "packetLength");
        assertEquals(segments, packet.segments(), "segments");
        return all;
    }

    /** As {@link #bytes}, and frees it. */
    public static byte[] consume(Mbuf packet) {
        byte[] all = bytes(packet);
        packet.free();
        return all;
    }

    /** The packet that must be there next. */
    public static Mbuf receive(RxQueue queue) {
        Mbuf[] one = new Mbuf[1];
        assertEquals(1, queue.rxBurst(one, 0, 1), "a packet is missing");
        return one[0];
    }

    public static void assertNothing(RxQueue queue) {
        assertEquals(0, queue.rxBurst(new Mbuf[1], 0, 1), "a packet too many");
    }

    /** Bytes of a hexadecimal text, white space ignored. */
    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
