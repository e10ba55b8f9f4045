// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Builds frames and checks them, with a checksum of its own that goes byte by byte, so that nothing
 * here is shared with what is tested.
 */
public final class Frames {
    private Frames() {}

    /** Puts arrays one behind the other. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8) * 3 + 1);
        }
        return bytes;
    }

    public static byte[] mac(long value) {
        return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(value).array(), 2, 8);
    }

    public static byte[] ip(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    public static byte[] shorts(int... values) {
        ByteBuffer b = ByteBuffer.allocate(2 * values.length);
        for (int v : values) {
            b.putShort((short) v);
        }
        return b.array();
    }

    /** A frame of the given EtherType, tagged with each of {@code vlans}. */
    public static byte[] ethernet(long to, long from, int type, byte[] payload, int... vlans) {
        byte[] header = join(mac(to), mac(from));
        for (int vlan : vlans) {
            header = join(header, shorts(0x8100, vlan));
        }
        return join(header, shorts(type), payload);
    }

    /** An IPv4 packet with a right header checksum; a transport checksum is filled in as well. */
    public static byte[] ipv4(String from, String to, int protocol, byte[] payload) {
        return ipv4(from, to, protocol, new byte[0], 0, payload);
    }

    public static byte[] ipv4(
            String from, String to, int protocol, byte[] options, int fragment, byte[] payload) {
        int header = 20 + options.length;
        byte[] p =
                join(
                        shorts(
                                0x4000 | ((header / 4) << 8),
                                header + payload.length,
                                0x1234,
                                fragment,
                                0x3a00 | protocol,
                                0),
                        ip(from),
                        ip(to),
                        options,
                        payload);
        put(p, 10, ~sum(p, 0, header, 0));
        fillTransport(p, header, protocol, fragment);
        return p;
    }

    public static byte[] ipv6(String from, String to, int next, int hopLimit, byte[] payload) {
        byte[] p =
                join(
                        shorts(0x6000, 0, payload.length, (next << 8) | hopLimit),
                        ip(from),
                        ip(to),
                        payload);
        fillTransport(p, 40, next, 0);
        return p;
    }

    private static void fillTransport(byte[] p, int l4, int protocol, int fragment) {
        int field = checksumField(protocol);
        if (field >= 0 && (fragment & 0x3fff) == 0 && p.length >= l4 + field + 2) {
            put(p, l4 + field, 0);
            int sum = ~sum(p, l4, p.length - l4, pseudo(p, protocol, p.length - l4)) & 0xffff;
            put(p, l4 + field, protocol == 17 && sum == 0 ? 0xffff : sum);
        }
    }

    private static int checksumField(int protocol) {
        return switch (protocol) {
            case 1, 58 -> 2;
            case 6 -> 16;
            case 17 -> 6;
            default -> -1;
        };
    }

    public static byte[] udp(int from, int to, byte[] data) {
        return join(shorts(from, to, 8 + data.length, 0), data);
    }

    /** A TCP segment with a 12-byte timestamp option. */
    public static byte[] tcp(long sequence, int flags, byte[] data) {
        return join(
                shorts(
                        5001,
                        80,
                        (int) (sequence >>> 16),
                        (int) sequence,
                        0x1111,
                        0x2222,
                        0x8000 | flags,
                        0xfff0,
                        0,
                        0,
                        0x0101,
                        0x080a,
                        1,
                        2,
                        3,
                        4),
                data);
    }

    public static byte[] echo(int type, byte[] data) {
        return join(shorts(type << 8, 0, 0x77, 1), data);
    }

    /** Naive sum over bytes, not folded to the end of time but enough for a frame. */
    public static int sum(byte[] bytes, int from, int length, int initial) {
        long s = initial;
        for (int i = 0; i < length; i++) {
            s += (long) (bytes[from + i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
        }
        while (s > 0xffff) {
            s = (s & 0xffff) + (s >> 16);
        }
        return (int) s;
    }

    /** The pseudo-header's sum of the IP packet {@code p}. */
    public static int pseudo(byte[] p, int protocol, int length) {
        boolean v4 = (p[0] & 0xf0) == 0x40;
        if (!v4 || protocol != 1) {
            return sum(p, v4 ? 12 : 8, v4 ? 8 : 32, protocol + length);
        }
        return 0;
    }

    public static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    public static long u32(byte[] bytes, int at) {
        return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
    }

    public static void put(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /** Offset of the IP header. */
    public static int l3(byte[] frame) {
        int at = 12;
        while (u16(frame, at) == 0x8100 || u16(frame, at) == 0x88a8) {
            at += 4;
        }
        return at + 2;
    }

    /** The IP packet in a frame, padding removed. */
    public static byte[] packet(byte[] frame) {
        int l3 = l3(frame);
        boolean v4 = (frame[l3] & 0xf0) == 0x40;
        int length = v4 ? u16(frame, l3 + 2) : 40 + u16(frame, l3 + 4);
        return Arrays.copyOfRange(frame, l3, l3 + length);
    }

    /** Fails unless lengths and all checksums of an IP frame are right. */
    public static void assertGood(byte[] frame) {
        int l3 = l3(frame);
        byte[] p = packet(frame);
        assertTrue(frame.length >= l3 + p.length, "cut off");
        boolean v4 = (p[0] & 0xf0) == 0x40;
        int l4 = v4 ? (p[0] & 0xf) * 4 : 40;
        int protocol = p[v4 ? 9 : 6] & 0xff;
        if (v4) {
            assertEquals(0xffff, sum(p, 0, l4, 0), "IPv4 header checksum");
        }
        int length = p.length - l4;
        assertEquals(
                0xffff,
                sum(p, l4, length, pseudo(p, protocol, length)),
                "checksum of protocol " + protocol);
    }
}
