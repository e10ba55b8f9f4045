// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.port.Frames;
import io.vpmd.spi.port.Packets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class ChecksumTest {
    private final MbufPool pool = MbufPool.create("checksum-test", 4096, 128, 2048);

    @AfterEach
    void closePool() {
        assertEquals(0, pool.taken());
        pool.close();
    }

    @Test
    void exampleOfTheRfc() {
        Mbuf m = Packets.of(pool, Packets.hex("0001 f203 f4f5 f6f7"));
        assertEquals(0xddf2, Checksum.sum(m, 0, 8, 0));
        assertEquals(0x220d, Checksum.finish(0xddf2));
        m.free();
    }

    @Test
    void agreesWithTheNaiveSumForAnySegmentation() {
        Random random = new Random(7);
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 9000 : 200)];
            random.nextBytes(bytes);
            if (i % 7 == 0) {
                Arrays.fill(bytes, (byte) 0xff);
            }
            int perSegment = 1 + random.nextInt(i % 10 == 0 ? 2048 : 50);
            Mbuf m = Packets.of(pool, bytes, perSegment);
            int offset = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - offset + 1);
            int initial = random.nextInt(0x10000);
            assertEquals(
                    Frames.sum(bytes, offset, length, initial),
                    Checksum.sum(m, offset, length, initial),
                    () -> offset + "+" + length + " per " + perSegment);
            m.free();
        }
    }

    @Test
    void updateEqualsComputingAnew() {
        Random random = new Random(8);
        byte[] bytes = new byte[40];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            int before = ~Frames.sum(bytes, 0, 40, 0) & 0xffff;
            int oldWord = Frames.u16(bytes, 6);
            int newWord = random.nextInt(0x10000);
            Frames.put(bytes, 6, newWord);
            int after = ~Frames.sum(bytes, 0, 40, 0) & 0xffff;
            assertEquals(after, Checksum.update(before, oldWord, newWord));
        }
    }

    @Test
    void completesPartialSums() {
        byte[][] packets = {
            Frames.ipv4("10.0.0.1", "10.0.0.2", 17, Frames.udp(1, 2, Frames.pattern(33))),
            Frames.ipv4("10.0.0.1", "10.0.0.2", 6, Frames.tcp(5, 0x10, Frames.pattern(3001))),
            Frames.ipv4(
                    "10.0.0.1", "10.0.0.2", 6, new byte[8], 0, Frames.tcp(5, 0x10, new byte[0])),
            Frames.ipv6("fd00::1", "fd00::2", 17, 64, Frames.udp(1, 2, Frames.pattern(1))),
            Frames.ipv6("fd00::1", "fd00::2", 6, 64, Frames.tcp(5, 0x10, Frames.pattern(8000))),
        };
        for (byte[] good : packets) {
            boolean v4 = (good[0] & 0xf0) == 0x40;
            int header = v4 ? (good[0] & 0xf) * 4 : 40;
            boolean tcp = good[v4 ? 9 : 6] == 6;
            byte[] partial = good.clone();
            if (v4) {
                Frames.put(partial, 10, 0xdead);
            }
            int field = header + (tcp ? 16 : 6);
            Frames.put(partial, field, Frames.pseudo(good, tcp ? 6 : 17, good.length - header));
            // Padding is not summed up.
            byte[] frame =
                    Frames.join(
                            Frames.ethernet(1, 2, v4 ? 0x800 : 0x86dd, partial, 7),
                            new byte[] {1, 2, 3});
            Mbuf m = Packets.of(pool, frame, 999);
            m.setHeaderLengths(18, header, 0);
            m.setFlags(
                    (v4 ? MbufFlags.TX_IPV4 | MbufFlags.TX_IP_CKSUM : MbufFlags.TX_IPV6)
                            | (tcp ? MbufFlags.TX_TCP_CKSUM : MbufFlags.TX_UDP_CKSUM));
            assertTrue(Checksum.complete(m));
            assertFalse(m.has(MbufFlags.TX_L4_MASK | MbufFlags.TX_IP_CKSUM));
            byte[] done = Packets.consume(m);
            assertArrayEquals(good, Arrays.copyOfRange(done, 18, 18 + good.length));
        }
    }

    @Test
    void udpNeverSendsZero() {
        byte[] p = Frames.ipv4("0.0.0.0", "0.0.0.0", 17, Frames.udp(0, 0, new byte[2]));
        Frames.put(p, 28, ~Frames.sum(p, 20, 8, Frames.pseudo(p, 17, 10)) & 0xffff);
        Frames.put(p, 26, Frames.pseudo(p, 17, 10));
        Frames.put(p, 28, ~Frames.sum(p, 20, 8, 0) & 0xffff);
        Mbuf m = Packets.of(pool, Frames.ethernet(1, 2, 0x800, p));
        m.setHeaderLengths(14, 20, 0);
        m.setFlags(MbufFlags.TX_IPV4 | MbufFlags.TX_UDP_CKSUM);
        assertTrue(Checksum.complete(m));
        assertEquals(0xffff, m.u16At(14 + 26));
        m.free();
    }

    @Test
    void refusesLengthsThatDoNotFit() {
        byte[] p = Frames.ipv4("10.0.0.1", "10.0.0.2", 17, Frames.udp(1, 2, new byte[4]));
        byte[] frame = Frames.ethernet(1, 2, 0x800, p);
        int[][] lengths = {{14, 0}, {14, 19}, {0, 20}, {200, 20}, {14, 60000}, {14, 28}};
        for (int[] l : lengths) {
            Mbuf m = Packets.of(pool, frame);
            m.setHeaderLengths(l[0], l[1], 0);
            m.setFlags(MbufFlags.TX_IPV4 | MbufFlags.TX_UDP_CKSUM | MbufFlags.TX_IP_CKSUM);
            assertFalse(Checksum.complete(m), () -> Arrays.toString(l));
            assertArrayEquals(frame, Packets.consume(m));
        }
    }
}
