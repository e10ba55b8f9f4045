// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.PacketType;
import io.vpmd.spi.port.Frames;
import io.vpmd.spi.port.Packets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

class HeadersTest {
    private final MbufPool pool = MbufPool.create("headers-test", 64);
    private final Headers headers = new Headers();

    @AfterEach
    void closePool() {
        assertEquals(0, pool.taken());
        pool.close();
    }

    private void parse(byte[] frame) {
        Mbuf m = Packets.of(pool, frame);
        headers.parse(m);
        headers.store(m);
        assertEquals(headers.l2Length(), m.l2Length());
        assertEquals(headers.l3Length(), m.l3Length());
        assertEquals(headers.l4Length(), m.l4Length());
        assertEquals(headers.packetType(), m.packetType());
        m.free();
    }

    private void expect(int l2, int l3, int l4, int type) {
        assertEquals(
                "l2 " + l2 + " l3 " + l3 + " l4 " + l4 + " type " + Integer.toHexString(type),
                "l2 "
                        + headers.l2Length()
                        + " l3 "
                        + headers.l3Length()
                        + " l4 "
                        + headers.l4Length()
                        + " type "
                        + Integer.toHexString(headers.packetType()));
    }

    private static byte[] v4(byte[] options, int fragment, int protocol, byte[] payload) {
        return Frames.ipv4("10.0.0.1", "10.0.0.2", protocol, options, fragment, payload);
    }

    @Test
    void findsWhatIsThere() {
        byte[] tcp = Frames.tcp(1, 0x10, new byte[5]);
        byte[] udp = Frames.udp(1, 2, new byte[5]);
        parse(Frames.ethernet(1, 2, 0x800, v4(new byte[0], 0x4000, 6, tcp)));
        expect(14, 20, 32, PacketType.L2_ETHER | PacketType.L3_IPV4 | PacketType.L4_TCP);
        assertEquals(14 + 20 + 32 + 5, headers.end());

        parse(Frames.ethernet(1, 2, 0x800, v4(new byte[12], 0, 17, udp), 5));
        expect(18, 32, 8, PacketType.L2_VLAN | PacketType.L3_IPV4_OPTIONS | PacketType.L4_UDP);

        parse(Frames.ethernet(1, 2, 0x86dd, Frames.ipv6("::1", "::2", 6, 9, tcp), 5, 6));
        expect(22, 40, 32, PacketType.L2_QINQ | PacketType.L3_IPV6 | PacketType.L4_TCP);

        parse(Frames.ethernet(1, 2, 0x806, new byte[28]));
        expect(14, 0, 0, PacketType.L2_ARP);
        assertEquals(0x806, headers.etherType());

        parse(Frames.ethernet(1, 2, 0x800, v4(new byte[0], 0x2000, 17, udp)));
        expect(14, 20, 0, PacketType.L2_ETHER | PacketType.L3_IPV4 | PacketType.L4_FRAGMENT);
        assertTrue(headers.fragment());
    }

    @Test
    void walksIpv6Extensions() {
        byte[] udp = Frames.udp(1, 2, new byte[5]);
        byte[] hop = Frames.join(Frames.shorts(60 << 8), new byte[6]);
        byte[] options = Frames.join(Frames.shorts(17 << 8 | 1), new byte[14]);
        byte[] p = Frames.ipv6("fd00::1", "fd00::2", 0, 9, Frames.join(hop, options, udp));
        parse(Frames.ethernet(1, 2, 0x86dd, p));
        expect(14, 64, 8, PacketType.L2_ETHER | PacketType.L3_IPV6_EXTENSIONS | PacketType.L4_UDP);

        byte[] fragment = Frames.shorts(17 << 8, 0x0001, 0, 9);
        p = Frames.ipv6("fd00::1", "fd00::2", 44, 9, Frames.join(fragment, udp));
        parse(Frames.ethernet(1, 2, 0x86dd, p));
        expect(
                14,
                48,
                0,
                PacketType.L2_ETHER | PacketType.L3_IPV6_EXTENSIONS | PacketType.L4_FRAGMENT);
        assertEquals(17, headers.protocol());
    }

    @Test
    void reportsNoHeaderThatIsCutOff() {
        byte[] whole =
                Frames.ethernet(
                        1, 2, 0x800, v4(new byte[4], 0, 6, Frames.tcp(1, 16, new byte[9])), 3);
        for (int length = 0; length < whole.length; length++) {
            parse(Arrays.copyOf(whole, length));
            // The packet is shorter than its IP header says, so nothing behind it is believed.
            assertEquals(length < 18 ? 0 : 18, headers.l2Length());
            assertEquals(0, headers.l3Length());
            assertEquals(0, headers.l4Length());
        }
        byte[] v6 = Frames.ethernet(1, 2, 0x86dd, Frames.ipv6("::1", "::2", 0, 9, new byte[7]));
        parse(v6);
        assertEquals(0, headers.l3Length());
    }

    @Test
    void headersInALaterSegmentAreNotFound() {
        byte[] frame =
                Frames.ethernet(
                        1, 2, 0x800, v4(new byte[0], 0, 17, Frames.udp(1, 2, new byte[60])));
        for (int first : new int[] {10, 14, 33, 34, 41}) {
            Mbuf m = Packets.of(pool, frame, first);
            headers.parse(m);
            assertEquals(first < 14 ? 0 : 14, headers.l2Length());
            assertEquals(first < 34 ? 0 : 20, headers.l3Length());
            assertEquals(0, headers.l4Length());
            m.free();
        }
    }

    /** Whatever the bytes, lengths stay inside the packet. */
    @Test
    void survivesRandomBytes() {
        Random random = new Random(11);
        byte[][] seeds = {
            Frames.ethernet(1, 2, 0x800, v4(new byte[8], 0, 6, Frames.tcp(1, 2, new byte[9])), 4),
            Frames.ethernet(1, 2, 0x86dd, Frames.ipv6("::1", "::2", 0, 9, new byte[64])),
        };
        for (int i = 0; i < 100_000; i++) {
            byte[] frame = seeds[i & 1].clone();
            for (int k = random.nextInt(6); k >= 0; k--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            Mbuf m = Packets.of(pool, frame);
            boolean ethernet = headers.parse(m);
            assertEquals(ethernet, headers.l2Length() > 0);
            assertTrue(headers.end() <= frame.length);
            assertTrue(headers.l4() + headers.l4Length() <= headers.end() || !ethernet);
            assertFalse(headers.l4Length() > 0 && headers.l3Length() == 0);
            m.free();
        }
    }
}
