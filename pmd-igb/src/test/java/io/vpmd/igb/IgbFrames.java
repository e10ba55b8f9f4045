// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.MacAddress;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Frames of every kind that a NIC's parser tells apart. */
final class IgbFrames {
    private static final MacAddress SOURCE = MacAddress.parse("02:00:00:00:00:99");

    private IgbFrames() {}

    /** A frame and what it is. */
    static final class Named {
        private final String name;
        private final byte[] bytes;

        Named(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes.clone();
        }

        String name() {
            return name;
        }

        byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An Ethernet header with this type in front of a payload, padded to 60 bytes. */
    private static byte[] ethernet(String to, int type, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(Math.max(60, 14 + payload.length));
        b.put(MacAddress.parse(to).bytes()).put(SOURCE.bytes()).putShort((short) type).put(payload);
        return b.array();
    }

    /** No IP. */
    static byte[] plain(String to, int length) {
        byte[] payload = new byte[length - 14];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i * 5 + 1);
        }
        return ethernet(to, 0x88b5, payload);
    }

    /** One more tag behind the addresses. */
    private static byte[] tagged(byte[] frame, int type, int tci) {
        ByteBuffer b = ByteBuffer.allocate(frame.length + 4);
        b.put(frame, 0, 12).putShort((short) type).putShort((short) tci);
        return b.put(frame, 12, frame.length - 12).array();
    }

    private static byte[] ip(boolean v6, int protocol, int fragment, byte[] l4) {
        int header = v6 ? 40 : 20;
        ByteBuffer b = ByteBuffer.allocate(header + l4.length);
        if (v6) {
            b.putInt(0x6000_0000).putShort((short) l4.length).put((byte) protocol).put((byte) 64);
            b.putLong(0x20010db8_00000000L).putLong(0x11).putLong(0x20010db8_00000000L).putLong(9);
        } else {
            b.put((byte) 0x45).put((byte) 0).putShort((short) b.capacity());
            b.putShort((short) 0x1234).putShort((short) fragment).put((byte) 64);
            b.put((byte) protocol).putShort((short) 0).putInt(0x0a01_0203).putInt(0x0a01_0909);
            b.putShort(10, (short) ~sum(b.array(), 0, header, 0));
        }
        return b.put(l4).array();
    }

    private static byte[] l4(int protocol, int payload) {
        int header = protocol == 6 ? 20 : protocol == 132 ? 12 : 8;
        ByteBuffer b = ByteBuffer.allocate(header + payload);
        b.putShort((short) 0x3039).putShort((short) 0x1f90);
        if (protocol == 6) {
            b.putInt(0x7fff_fff0).putInt(5).putShort((short) 0x5010).putShort((short) 512);
        } else if (protocol == 17) {
            b.putShort((short) b.capacity());
        }
        for (int i = header; i < b.capacity(); i++) {
            b.put(i, (byte) (3 * i));
        }
        return b.array();
    }

    /** A packet with its checksums right, in an Ethernet frame. */
    private static byte[] whole(String to, boolean v6, int protocol, int payload) {
        byte[] packet = ip(v6, protocol, 0x4000, l4(protocol, payload));
        int at = v6 ? 40 : 20;
        if (protocol == 132) {
            ByteBuffer.wrap(packet).putInt(at + 8, crc(packet, at));
        } else {
            int field = at + (protocol == 6 ? 16 : 6);
            int all = sum(packet, at, packet.length, pseudo(packet, v6, protocol, at));
            ByteBuffer.wrap(packet).putShort(field, (short) ~all);
        }
        return ethernet(to, v6 ? 0x86dd : 0x0800, packet);
    }

    private static int crc(byte[] packet, int from) {
        CRC32C crc = new CRC32C();
        crc.update(packet, from, packet.length - from);
        return Integer.reverseBytes((int) crc.getValue());
    }

    private static int pseudo(byte[] packet, boolean v6, int protocol, int l4) {
        return sum(packet, v6 ? 8 : 12, v6 ? 40 : 20, protocol + packet.length - l4);
    }

    private static int sum(byte[] b, int from, int to, int initial) {
        int sum = initial;
        for (int i = from; i < to; i += 2) {
            sum += (b[i] & 0xff) << 8 | (i + 1 < to ? b[i + 1] & 0xff : 0);
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    /** A packet whose transport checksum is to be completed. */
    static byte[] toFinish(String to, boolean v6, int protocol, int payload) {
        byte[] packet = ip(v6, protocol, 0x4000, l4(protocol, payload));
        int at = v6 ? 40 : 20;
        if (protocol != 132) {
            int field = at + (protocol == 6 ? 16 : 6);
            ByteBuffer.wrap(packet).putShort(field, (short) pseudo(packet, v6, protocol, at));
        }
        byte[] frame = ethernet(to, v6 ? 0x86dd : 0x0800, packet);
        // Padding is the device's business.
        return java.util.Arrays.copyOf(frame, 14 + packet.length);
    }

    private static byte[] damaged(byte[] frame, int at) {
        byte[] other = frame.clone();
        other[at] ^= 0x40;
        return other;
    }

    /**
     * All but what QEMU is known to do otherwise than the data sheet: it sees tags of types that
     * VET does not name, and does not report IPv4 options.
     */
    static List<Named> all(String to) {
        List<Named> all = new ArrayList<>();
        for (boolean v6 : new boolean[] {false, true}) {
            for (int protocol : new int[] {6, 17, 132}) {
                int l4 = 14 + (v6 ? 40 : 20);
                String name = String.format(Locale.ROOT, "IPv%d %d", v6 ? 6 : 4, protocol);
                byte[] good = whole(to, v6, protocol, 100);
                all.add(new Named(name, good));
                all.add(new Named(name + " wrong data", damaged(good, l4 + 30)));
                all.add(new Named(name + " wrong IP", damaged(good, v6 ? 21 : 22)));
                if (protocol != 132) {
                    // QEMU sums SCTP up over the padding as well.
                    all.add(new Named(name + " one byte", whole(to, v6, protocol, 1)));
                }
                all.add(new Named(name + " odd", whole(to, v6, protocol, 301)));
                all.add(new Named(name + " tagged", tagged(good, 0x8100, 0xa00f)));
            }
            all.add(new Named("ICMP " + v6, whole(to, v6, v6 ? 58 : 1, 64)));
        }
        byte[] udp = whole(to, false, 17, 50);
        udp[40] = 0;
        udp[41] = 0;
        all.add(new Named("UDP without a checksum", udp));
        byte[] fragment = ip(false, 17, 0x2000, l4(17, 64));
        all.add(new Named("first fragment", ethernet(to, 0x0800, fragment)));
        fragment = ip(false, 17, 0x0010, l4(17, 64));
        all.add(new Named("later fragment", ethernet(to, 0x0800, fragment)));
        all.add(new Named("ARP", ethernet(to, 0x0806, new byte[28])));
        all.add(new Named("LLC", ethernet(to, 46, new byte[46])));
        all.add(new Named("no IP", plain(to, 100)));
        all.add(new Named("tagged, no IP", tagged(plain(to, 100), 0x8100, 1)));
        return all;
    }

    static List<Named> addresses(String own) {
        List<Named> all = new ArrayList<>();
        for (String to :
                List.of(
                        own,
                        "02:00:00:00:64:65",
                        "ff:ff:ff:ff:ff:ff",
                        "01:00:5e:00:00:01",
                        "01:00:5e:00:fb:fa",
                        "33:33:00:00:40:12",
                        "33:33:ff:ff:5f:12",
                        "01:00:00:00:20:01")) {
            all.add(new Named("to " + to, plain(to, 80)));
            all.add(new Named("tagged to " + to, tagged(plain(to, 80), 0x8100, 5)));
        }
        return all;
    }
}
