// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Ipv6;

/**
 * What a device's parser finds in a frame: {@link io.vpmd.spi.wire.Headers} works on packets, this
 * on plain bytes. Lengths are checked here once.
 */
public final class FrameHeaders {
    private static final int MAX_EXTENSIONS = 8;

    private byte[] frame = new byte[0];
    private int length;
    private int etherType;
    private int l3;
    private int l4;
    private int end;
    private int protocol;
    private boolean ipv4;
    private boolean ipv6;
    private boolean extensions;
    private boolean fragment;
    private boolean possible;

    public FrameHeaders() {}

    /**
     * Looks at a frame.
     *
     * @param tags how many VLAN tags are known to stand before the type
     * @param ipv6Extensions whether extension headers are skipped
     */
    public void parse(byte[] bytes, int frameLength, int tags, boolean ipv6Extensions) {
        frame = bytes;
        length = frameLength;
        l3 = Ethernet.HEADER_LENGTH + tags * Ethernet.TAG_LENGTH;
        l4 = 0;
        end = frameLength;
        protocol = -1;
        ipv4 = false;
        ipv6 = false;
        extensions = false;
        fragment = false;
        possible = true;
        etherType = l3 <= length ? u16(l3 - 2) : 0;
        if (etherType == Ethernet.TYPE_IPV4) {
            parseIpv4();
        } else if (etherType == Ethernet.TYPE_IPV6) {
            parseIpv6(ipv6Extensions);
        }
    }

    private void parseIpv4() {
        if (length - l3 < Ipv4.HEADER_LENGTH || u8(l3) >>> 4 != 4) {
            return;
        }
        int header = (u8(l3) & 0xf) * 4;
        if (header < Ipv4.HEADER_LENGTH || l3 + header > length) {
            return;
        }
        ipv4 = true;
        extensions = header > Ipv4.HEADER_LENGTH;
        l4 = l3 + header;
        claimed(l3 + u16(l3 + Ipv4.TOTAL_LENGTH));
        protocol = u8(l3 + Ipv4.PROTOCOL);
        fragment = (u16(l3 + Ipv4.FRAGMENT) & Ipv4.FRAGMENT_BITS) != 0;
    }

    /** Lengths that cannot be do not keep a device from reading on, up to the frame's end. */
    private void claimed(int packetEnd) {
        possible = packetEnd >= l4 && packetEnd <= length;
        end = possible ? packetEnd : length;
    }

    private void parseIpv6(boolean skip) {
        if (length - l3 < Ipv6.HEADER_LENGTH || u8(l3) >>> 4 != 6) {
            return;
        }
        ipv6 = true;
        l4 = l3 + Ipv6.HEADER_LENGTH;
        claimed(l4 + u16(l3 + Ipv6.PAYLOAD_LENGTH));
        protocol = u8(l3 + Ipv6.NEXT_HEADER);
        for (int i = 0; skip && i < MAX_EXTENSIONS && extension(protocol); i++) {
            if (end - l4 < 8) {
                protocol = -1;
                return;
            }
            extensions = true;
            fragment |= protocol == Ipv6.FRAGMENT;
            int next = u8(l4);
            l4 += protocol == Ipv6.FRAGMENT ? 8 : (u8(l4 + 1) + 1) * 8;
            protocol = next;
        }
        if (l4 > end) {
            protocol = -1;
        }
    }

    private static boolean extension(int header) {
        return header == Ipv6.HOP_BY_HOP
                || header == Ipv6.ROUTING
                || header == Ipv6.FRAGMENT
                || header == Ipv6.DESTINATION_OPTIONS;
    }

    private int u8(int at) {
        return frame[at] & 0xff;
    }

    private int u16(int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    /** What stands behind the tags. */
    public int etherType() {
        return etherType;
    }

    public boolean ipv4() {
        return ipv4;
    }

    public boolean ipv6() {
        return ipv6;
    }

    /** IPv4 options, or IPv6 extension headers that were skipped. */
    public boolean extensions() {
        return extensions;
    }

    public boolean fragment() {
        return fragment;
    }

    private boolean transport(int wanted, int header) {
        return protocol == wanted && !fragment && end - l4 >= header;
    }

    public boolean tcp() {
        return transport(Ipv4.TCP, 20);
    }

    public boolean udp() {
        return transport(Ipv4.UDP, 8);
    }

    public boolean sctp() {
        return transport(Ipv4.SCTP, 12);
    }

    /** Whether the IP packet ends inside the frame, as its length says. */
    public boolean possibleLength() {
        return possible;
    }

    /** Offset of the IP header. */
    public int l3() {
        return l3;
    }

    /** Offset of what is behind the IP header. */
    public int l4() {
        return l4;
    }

    /** Where the IP packet ends; padding may follow. */
    public int end() {
        return end;
    }

    public int protocol() {
        return protocol;
    }

    /** Offset of the source address; the destination follows it. */
    public int addresses() {
        return l3 + (ipv4 ? Ipv4.SOURCE : Ipv6.SOURCE);
    }

    /** Bytes of both addresses. */
    public int addressBytes() {
        return ipv4 ? 8 : 32;
    }
}
