// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class SegmenterTest {
    private static final int FLAGS = 0x80 | 0x10 | 0x08 | 0x01;
    private static final int TCP = 32;

    private final MbufPool pool = MbufPool.create("segmenter-test", 4096);
    private final MbufCache buffers = pool.newCache();
    private final Segmenter segmenter = new Segmenter();
    private final Mbuf[] into = new Mbuf[Segmenter.MAX_SEGMENTS];

    @AfterEach
    void everyBufferIsBack() {
        buffers.close();
        assertEquals(0, pool.taken());
        pool.close();
    }

    static byte[] frame(boolean v6, int payload, int... vlans) {
        byte[] tcp = Frames.tcp(0xffff_fff0L, FLAGS, Frames.pattern(payload));
        return v6
                ? Frames.ethernet(
                        1, 2, 0x86dd, Frames.ipv6("fd00::1", "fd00::2", 6, 64, tcp), vlans)
                : Frames.ethernet(1, 2, 0x800, Frames.ipv4("10.0.0.1", "10.0.0.2", 6, tcp), vlans);
    }

    static Mbuf superPacket(MbufPool pool, byte[] frame, boolean v6, int size, int perSegment) {
        Mbuf m = Packets.of(pool, frame, perSegment);
        m.setHeaderLengths(Frames.l3(frame), v6 ? 40 : 20, TCP);
        m.setSegmentSize(size);
        m.setFlags(
                MbufFlags.TX_TSO
                        | MbufFlags.TX_TCP_CKSUM
                        | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4 | MbufFlags.TX_IP_CKSUM));
        return m;
    }

    private List<byte[]> split(byte[] frame, boolean v6, int size, int perSegment) {
        Mbuf m = superPacket(pool, frame, v6, size, perSegment);
        int n = segmenter.split(m, buffers, into);
        assertArrayEquals(frame, Packets.consume(m), "the packet stays as it was");
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            assertEquals(0, into[i].flags());
            out.add(Packets.consume(into[i]));
        }
        return out;
    }

    /** Checks segments against the frame they come from; shared with the port's test. */
    static void assertSegments(byte[] frame, int size, List<byte[]> segments) {
        boolean v6 = (frame[Frames.l3(frame)] & 0xf0) == 0x60;
        int l4 = Frames.l3(frame) + (v6 ? 40 : 20);
        int headers = l4 + TCP;
        int payload = frame.length - headers;
        assertEquals(Math.max(1, (payload + size - 1) / size), segments.size());
        byte[] whole = Arrays.copyOf(frame, headers);
        for (int i = 0; i < segments.size(); i++) {
            byte[] s = segments.get(i);
            boolean last = i == segments.size() - 1;
            Frames.assertGood(s);
            assertEquals(Frames.l3(frame) + Frames.packet(s).length, s.length, "length");
            assertEquals(last ? payload - i * size : size, s.length - headers);
            assertEquals((0xffff_fff0L + (long) i * size) & 0xffff_ffffL, Frames.u32(s, l4 + 4));
            assertEquals(
                    0x10 | (i == 0 ? 0x80 : 0) | (last ? 0x09 : 0), s[l4 + 13] & 0xff, "flags");
            if (!v6) {
                assertEquals(0x1234 + i, Frames.u16(s, l4 - 16), "IPv4 id");
            }
            assertArrayEquals(
                    Arrays.copyOfRange(frame, l4 + 20, headers),
                    Arrays.copyOfRange(s, l4 + 20, headers),
                    "TCP options");
            whole = Frames.join(whole, Arrays.copyOfRange(s, headers, s.length));
        }
        assertArrayEquals(frame, whole, "payload");
    }

    @Test
    void aroundEveryMultipleOfTheSegmentSize() {
        for (boolean v6 : new boolean[] {false, true}) {
            for (int size : new int[] {536, 1400}) {
                for (int k = 0; k < 4; k++) {
                    for (int d = -2; d <= 2; d++) {
                        int payload = k * size + d;
                        if (payload >= 0) {
                            byte[] frame = frame(v6, payload);
                            assertSegments(frame, size, split(frame, v6, size, 2048));
                        }
                    }
                }
            }
        }
    }

    @Test
    void anyCutOfTheChainAndTags() {
        for (int cut = 100; cut < 2048; cut += 37) {
            byte[] frame = frame((cut & 1) == 0, 4001, 7, 8);
            assertSegments(frame, 999, split(frame, (cut & 1) == 0, 999, cut));
        }
        int headers = 14 + 20 + TCP;
        byte[] frame = frame(false, 3000);
        assertSegments(frame, 1000, split(frame, false, 1000, headers));
    }

    @Test
    void largestPacketsAndManySegments() {
        for (boolean v6 : new boolean[] {false, true}) {
            byte[] frame = frame(v6, 65535 - TCP - (v6 ? 0 : 20));
            assertSegments(frame, 1448, split(frame, v6, 1448, 2048));
            assertSegments(frame, 32, split(frame, v6, 32, 2048));
            // Longer than a buffer: segments are chains.
            assertSegments(frame, 8948, split(frame, v6, 8948, 2048));
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        byte[] frame = frame(false, 100);
        int[][] wrong = {
            {14, 20, 32, 0},
            {14, 20, 32, -5},
            {0, 20, 32, 50},
            {14, 0, 32, 50},
            {14, 20, 0, 50},
            {14, 20, 200, 50},
            {200, 200, 200, 50},
            {10, 20, 32, 50},
            {14, 20, 32, 65535},
        };
        for (int[] w : wrong) {
            Mbuf m = Packets.of(pool, frame);
            m.setHeaderLengths(w[0], w[1], w[2]);
            m.setSegmentSize(w[3]);
            m.setFlags(MbufFlags.TX_TSO | MbufFlags.TX_IPV4);
            int n = segmenter.split(m, buffers, into);
            assertEquals(Segmenter.MALFORMED, n, () -> Arrays.toString(w));
            m.free();
        }
        Mbuf otherVersion = superPacket(pool, frame(true, 100), false, 50, 2048);
        assertEquals(Segmenter.MALFORMED, segmenter.split(otherVersion, buffers, into));
        otherVersion.free();
        Mbuf tooMany = superPacket(pool, frame(false, 30_000), false, 10, 2048);
        assertEquals(Segmenter.MALFORMED, segmenter.split(tooMany, buffers, into));
        tooMany.free();
    }

    @Test
    void anEmptyPoolLosesNothing() {
        try (MbufPool small = MbufPool.create("segmenter-small", 10)) {
            try (MbufCache few = small.newCache()) {
                Mbuf m = superPacket(pool, frame(false, 11_000), false, 1000, 2048);
                assertEquals(Segmenter.NO_BUFFERS, segmenter.split(m, few, into));
                assertEquals(0, small.taken());
                m.free();
            }
        }
    }
}
