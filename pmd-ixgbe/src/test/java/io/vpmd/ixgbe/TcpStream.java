// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.TestFrames;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import java.nio.ByteBuffer;

/** One TCP connection over IPv4: its segments as frames, and what of them has come. */
final class TcpStream {
    static final int HEADERS = 54;

    private static final int PSH = 8;
    private static final int ACK = 16;
    private static final int FIRST = 0xffff_f000;

    private final MacAddress to;
    private final int port;
    private int sent;
    private int come;

    TcpStream(MacAddress to, int port) {
        this.to = to;
        this.port = port;
    }

    int come() {
        return come;
    }

    private byte data(int at) {
        return (byte) (at * 7 + (at >> 8) + port);
    }

    /** The next segment. */
    byte[] segment(int payload, boolean pushed) {
        byte[] frame = new byte[HEADERS + payload];
        ByteBuffer b = ByteBuffer.wrap(frame);
        b.put(to.bytes()).put(new byte[] {2, 0, 0, 0, 0, 9}).putShort((short) 0x0800);
        b.putShort((short) 0x4500).putShort((short) (frame.length - 14)).putInt(0x4000);
        b.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(0x0a00_0001).putInt(0x0a00_0002);
        b.putShort((short) 5_000).putShort((short) port).putInt(FIRST + sent).putInt(77);
        b.put((byte) 0x50).put((byte) (ACK | (pushed ? PSH : 0))).putShort((short) 1_000);
        b.putInt(0);
        for (int i = 0; i < payload; i++) {
            frame[HEADERS + i] = data(sent + i);
        }
        sent += payload;
        b.putShort(24, (short) ~sum(frame, 14, 34, 0));
        b.putShort(50, (short) ~sum(frame, 34, frame.length, pseudo(frame)));
        return frame;
    }

    private static int pseudo(byte[] frame) {
        return sum(frame, 26, 34, 6 + frame.length - 34);
    }

    private static int sum(byte[] bytes, int from, int to, int initial) {
        long s = initial;
        for (int i = from; i < to; i += 2) {
            s += (bytes[i] & 0xff) << 8 | (i + 1 < to ? bytes[i + 1] & 0xff : 0);
        }
        while (s >>> 16 != 0) {
            s = (s & 0xffff) + (s >>> 16);
        }
        return (int) s;
    }

    static int port(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(36) & 0xffff;
    }

    /** Checks a received packet, which goes on where the last one ended. */
    void check(Mbuf m) {
        boolean coalesced = m.has(MbufFlags.RX_LRO);
        byte[] frame = TestFrames.bytes(m);
        if (coalesced) {
            int wanted =
                    MbufFlags.RX_L4_PARTIAL
                            | MbufFlags.TX_TSO
                            | MbufFlags.TX_TCP_CKSUM
                            | MbufFlags.TX_IPV4;
            assertEquals(wanted, m.flags() & (wanted | MbufFlags.TX_IPV6), "flags");
            assertEquals(14, m.l2Length());
            assertEquals(20, m.l3Length());
            assertEquals(20, m.l4Length());
        }
        check(frame, coalesced);
    }

    /** Checks a frame, which goes on where the last one ended. */
    void check(byte[] frame, boolean partial) {
        ByteBuffer b = ByteBuffer.wrap(frame);
        assertEquals(frame.length - 14, b.getShort(16) & 0xffff, "total length of IPv4");
        assertEquals(0xffff, sum(frame, 14, 34, 0), "checksum of IPv4");
        assertEquals(FIRST + come, b.getInt(38), "sequence number");
        if (partial) {
            assertEquals(pseudo(frame), b.getShort(50) & 0xffff, "sum of the pseudo-header");
        } else {
            assertEquals(0xffff, sum(frame, 34, frame.length, pseudo(frame)), "checksum of TCP");
        }
        for (int i = HEADERS; i < frame.length; i++) {
            if (frame[i] != data(come + i - HEADERS)) {
                assertEquals(data(come + i - HEADERS), frame[i], "byte " + i);
            }
        }
        come += frame.length - HEADERS;
    }
}
