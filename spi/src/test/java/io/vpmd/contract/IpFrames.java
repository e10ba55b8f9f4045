// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.MacAddress;

import java.nio.ByteBuffer;

/** TCP and UDP frames with partial checksums, and an independent look at finished ones. */
final class IpFrames {
    static final int PORT = 0x7d01;
    static final int FIN = 1;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int CWR = 128;
    static final int L2 = 14;

    private static final int ID = 0xfff0;

    private IpFrames() {}

    static int l3Length(boolean v6) {
        return v6 ? 40 : 20;
    }

    /** A TCP frame whose checksum field holds the pseudo-header sum. */
    static byte[] tcp(
            MacAddress to, boolean v6, int sequence, int flags, int options, int payload) {
        int l4 = 20 + options;
        byte[] frame = header(to, v6, 6, l4 + payload);
        int at = L2 + l3Length(v6);
        ByteBuffer b = ByteBuffer.wrap(frame).position(at);
        b.putShort((short) PORT).putShort((short) PORT).putInt(sequence).putInt(77);
        b.put((byte) ((l4 / 4) << 4)).put((byte) flags).putShort((short) 1000);
        b.putShort((short) pseudoSum(frame, v6, 6, l4 + payload)).putShort((short) 0);
        for (int i = 0; i < options; i++) {
            b.put((byte) 1);
        }
        fill(frame, at + l4);
        return frame;
    }

    /** The same with its checksum. */
    static byte[] wholeTcp(MacAddress to, boolean v6, int sequence, int flags, int payload) {
        byte[] frame = tcp(to, v6, sequence, flags, 0, payload);
        int l4 = L2 + l3Length(v6);
        ByteBuffer.wrap(frame).putShort(l4 + 16, (short) ~sum(frame, l4, frame.length, 0));
        return frame;
    }

    /** A UDP frame whose checksum field holds the pseudo-header sum. */
    static byte[] udp(MacAddress to, boolean v6, int payload) {
        byte[] frame = header(to, v6, 17, 8 + payload);
        int at = L2 + l3Length(v6);
        ByteBuffer b = ByteBuffer.wrap(frame).position(at);
        b.putShort((short) PORT).putShort((short) PORT).putShort((short) (8 + payload));
        b.putShort((short) pseudoSum(frame, v6, 17, 8 + payload));
        fill(frame, at + 8);
        return frame;
    }

    private static void fill(byte[] frame, int from) {
        for (int i = from; i < frame.length; i++) {
            frame[i] = (byte) (i * 7 + (i >> 8));
        }
    }

    private static byte[] header(MacAddress to, boolean v6, int protocol, int l4) {
        int l3 = l3Length(v6);
        byte[] frame = new byte[L2 + l3 + l4];
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.put(to.bytes()).put(MacAddress.parse("02:00:00:00:00:99").bytes());
        if (v6) {
            b.putShort((short) 0x86dd).putInt(0x60000000).putShort((short) l4);
            b.put((byte) protocol).put((byte) 64);
            b.putLong(0xfd00_0000_0000_0000L).putLong(1).putLong(0xfd00_0000_0000_0000L).putLong(2);
        } else {
            b.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) (l3 + l4));
            b.putShort((short) ID).putShort((short) 0x4000).put((byte) 64).put((byte) protocol);
            b.putShort((short) 0).putInt(0x0a000001).putInt(0x0a000002);
            b.putShort(L2 + 10, (short) ~sum(frame, L2, L2 + 20, 0));
        }
        return frame;
    }

    /** Whether a frame was made here. */
    static boolean ours(byte[] frame) {
        if (frame.length < L2 + 28) {
            return false;
        }
        int type = u16(frame, 12);
        int at = type == 0x86dd ? L2 + 40 : L2 + 20;
        return (type == 0x86dd || type == 0x0800)
                && frame.length >= at + 8
                && u16(frame, at) == PORT
                && u16(frame, at + 2) == PORT;
    }

    static boolean v6(byte[] frame) {
        return u16(frame, 12) == 0x86dd;
    }

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    /** Folded ones' complement sum of bytes from {@code from} to {@code to}, an odd one padded. */
    static int sum(byte[] bytes, int from, int to, int initial) {
        long s = initial;
        for (int i = from; i < to; i += 2) {
            s += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
        }
        while (s >>> 16 != 0) {
            s = (s & 0xffff) + (s >>> 16);
        }
        return (int) s;
    }

    private static int pseudoSum(byte[] frame, boolean v6, int protocol, int l4) {
        int addresses = v6 ? L2 + 8 : L2 + 12;
        return sum(frame, addresses, addresses + (v6 ? 32 : 8), protocol + l4);
    }

    /** Fails unless all lengths and checksums of a frame are right. */
    static void assertComplete(WireFrame wire, String what) {
        byte[] frame = wire.bytes();
        boolean v6 = v6(frame);
        int l4At = L2 + l3Length(v6);
        int l4 = frame.length - l4At;
        if (v6) {
            assertEquals(l4, u16(frame, L2 + 4), what + ": payload length of IPv6");
        } else {
            assertEquals(l4 + 20, u16(frame, L2 + 2), what + ": total length of IPv4");
            assertEquals(0xffff, sum(frame, L2, l4At, 0), what + ": checksum of IPv4");
        }
        int protocol = frame[v6 ? L2 + 6 : L2 + 9] & 0xff;
        int pseudo = pseudoSum(frame, v6, protocol, l4);
        int field = l4At + (protocol == 6 ? 16 : 6);
        if (protocol == 17) {
            assertEquals(l4, u16(frame, l4At + 4), what + ": length of UDP");
        }
        if (wire.partialChecksum()) {
            assertEquals(pseudo, u16(frame, field), what + ": pseudo-header sum");
        } else {
            assertEquals(
                    0xffff,
                    sum(frame, l4At, frame.length, pseudo),
                    what + ": transport checksum " + Integer.toHexString(u16(frame, field)));
        }
        if (protocol == 17) {
            assertEquals(false, u16(frame, field) == 0, what + ": UDP checksum 0 means none");
        }
    }
}
