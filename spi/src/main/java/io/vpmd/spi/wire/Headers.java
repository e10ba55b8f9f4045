// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.PacketType;

/**
 * Finds the headers of a packet. Make one for each thread and use it for one packet after the
 * other; nothing is allocated.
 *
 * <p>Every length is checked against the packet once, here: what a method reports as there can be
 * read without further checks. Only headers in the first segment are found.
 */
public final class Headers {
    private static final int MAX_TAGS = 2;
    private static final int MAX_EXTENSIONS = 8;

    private int etherType;
    private int tags;
    private int l2Length;
    private int l3Length;
    private int l4Length;
    private int protocol;
    private int end;
    private boolean fragment;
    private int l3Type;
    private int l4Type;

    /** Nothing parsed yet. */
    public Headers() {}

    /**
     * Reads the headers of {@code packet}. Any bytes will do; a header that is cut off or has wrong
     * lengths is reported as not there.
     *
     * @return whether there is at least an Ethernet header
     */
    public boolean parse(Mbuf packet) {
        l2Length = 0;
        l3Length = 0;
        l4Length = 0;
        etherType = 0;
        tags = 0;
        protocol = -1;
        end = packet.packetLength();
        fragment = false;
        l3Type = 0;
        l4Type = 0;
        if (!parseLink(packet)) {
            return false;
        }
        if (etherType == Ethernet.TYPE_IPV4) {
            parseIpv4(packet, l2Length);
        } else if (etherType == Ethernet.TYPE_IPV6) {
            parseIpv6(packet, l2Length);
        }
        if (l3Length > 0 && !fragment) {
            parseTransport(packet, l2Length + l3Length);
        }
        return true;
    }

    private boolean parseLink(Mbuf packet) {
        int available = packet.dataLength();
        int length = Ethernet.HEADER_LENGTH;
        if (available < length) {
            return false;
        }
        int type = packet.u16At(Ethernet.TYPE);
        while (Ethernet.isTag(type) && tags < MAX_TAGS) {
            length += Ethernet.TAG_LENGTH;
            if (available < length) {
                return false;
            }
            type = packet.u16At(length - 2);
            tags++;
        }
        etherType = type;
        l2Length = length;
        return true;
    }

    private void parseIpv4(Mbuf packet, int at) {
        int available = packet.dataLength() - at;
        if (available < Ipv4.HEADER_LENGTH) {
            return;
        }
        int first = packet.u8At(at);
        int header = (first & 0xf) * 4;
        int total = packet.u16At(at + Ipv4.TOTAL_LENGTH);
        if (first >>> 4 != 4
                || header < Ipv4.HEADER_LENGTH
                || header > available
                || total < header
                || at + total > packet.packetLength()) {
            return;
        }
        l3Length = header;
        end = at + total;
        protocol = packet.u8At(at + Ipv4.PROTOCOL);
        fragment = (packet.u16At(at + Ipv4.FRAGMENT) & Ipv4.FRAGMENT_BITS) != 0;
        l3Type = header == Ipv4.HEADER_LENGTH ? PacketType.L3_IPV4 : PacketType.L3_IPV4_OPTIONS;
    }

    private void parseIpv6(Mbuf packet, int at) {
        int available = packet.dataLength() - at;
        if (available < Ipv6.HEADER_LENGTH || packet.u8At(at) >>> 4 != 6) {
            return;
        }
        int total = Ipv6.HEADER_LENGTH + packet.u16At(at + Ipv6.PAYLOAD_LENGTH);
        if (at + total > packet.packetLength()) {
            return;
        }
        int header = Ipv6.HEADER_LENGTH;
        int next = packet.u8At(at + Ipv6.NEXT_HEADER);
        for (int i = 0; i < MAX_EXTENSIONS && isExtension(next); i++) {
            int room = Math.min(available, total) - header;
            if (room < 8) {
                return;
            }
            int length = extensionLength(packet, at + header, next);
            if (length > room) {
                return;
            }
            fragment |= next == Ipv6.FRAGMENT && (packet.u16At(at + header + 2) & 0xfff9) != 0;
            next = packet.u8At(at + header);
            header += length;
            if (fragment) {
                break;
            }
        }
        l3Length = header;
        end = at + total;
        protocol = next;
        l3Type = header == Ipv6.HEADER_LENGTH ? PacketType.L3_IPV6 : PacketType.L3_IPV6_EXTENSIONS;
    }

    private static boolean isExtension(int header) {
        return header == Ipv6.HOP_BY_HOP
                || header == Ipv6.ROUTING
                || header == Ipv6.FRAGMENT
                || header == Ipv6.AUTHENTICATION
                || header == Ipv6.DESTINATION_OPTIONS;
    }

    private static int extensionLength(Mbuf packet, int at, int header) {
        int units = packet.u8At(at + 1);
        return switch (header) {
            case Ipv6.FRAGMENT -> 8;
            case Ipv6.AUTHENTICATION -> (units + 2) * 4;
            default -> (units + 1) * 8;
        };
    }

    private void parseTransport(Mbuf packet, int at) {
        int available = Math.min(packet.dataLength(), end) - at;
        switch (protocol) {
            case Ipv4.TCP -> {
                if (available >= Tcp.HEADER_LENGTH) {
                    int header = (packet.u8At(at + Tcp.DATA_OFFSET) >>> 4) * 4;
                    boolean fits = header >= Tcp.HEADER_LENGTH && header <= available;
                    found(fits ? header : 0, PacketType.L4_TCP);
                }
            }
            case Ipv4.UDP -> {
                if (available >= Udp.HEADER_LENGTH) {
                    int length = packet.u16At(at + Udp.LENGTH);
                    boolean fits = length >= Udp.HEADER_LENGTH && at + length <= end;
                    found(fits ? Udp.HEADER_LENGTH : 0, PacketType.L4_UDP);
                }
            }
            case Ipv4.SCTP -> found(available >= 12 ? 12 : 0, PacketType.L4_SCTP);
            case Ipv4.ICMP, Ipv6.ICMPV6 ->
                    found(
                            available >= Icmp.HEADER_LENGTH ? Icmp.HEADER_LENGTH : 0,
                            PacketType.L4_ICMP);
            default -> {}
        }
    }

    private void found(int length, int type) {
        l4Length = length;
        l4Type = length > 0 ? type : 0;
    }

    /** Writes the header lengths and the packet type into the packet's metadata. */
    public void store(Mbuf packet) {
        packet.setHeaderLengths(l2Length, l3Length, l4Length);
        packet.setPacketType(packetType());
    }

    /** What was found, as {@link Mbuf#packetType()} has it. */
    public int packetType() {
        if (l2Length == 0) {
            return 0;
        }
        int link =
                switch (tags) {
                    case 0 ->
                            etherType == Ethernet.TYPE_ARP
                                    ? PacketType.L2_ARP
                                    : PacketType.L2_ETHER;
                    case 1 -> PacketType.L2_VLAN;
                    default -> PacketType.L2_QINQ;
                };
        return link | l3Type | (fragment ? PacketType.L4_FRAGMENT : l4Type);
    }

    /** Bytes of the Ethernet header with its tags; 0 when it is cut off. */
    public int l2Length() {
        return l2Length;
    }

    /** The type behind the tags. */
    public int etherType() {
        return etherType;
    }

    /** Number of 802.1Q tags. */
    public int tags() {
        return tags;
    }

    /** Bytes of the IPv4 header with options, or of the IPv6 header with extensions; 0 for none. */
    public int l3Length() {
        return l3Length;
    }

    public boolean ipv4() {
        return l3Length > 0 && etherType == Ethernet.TYPE_IPV4;
    }

    public boolean ipv6() {
        return l3Length > 0 && etherType == Ethernet.TYPE_IPV6;
    }

    /** Whether this is a fragment, also a first one; it has no transport header here then. */
    public boolean fragment() {
        return fragment;
    }

    /** Protocol behind the IP header, -1 without one. */
    public int protocol() {
        return protocol;
    }

    /** Bytes of the transport header: TCP, UDP, SCTP, ICMP and ICMPv6; 0 for none. */
    public int l4Length() {
        return l4Length;
    }

    /** Offset of the transport header, or of what is behind the IP header. */
    public int l4() {
        return l2Length + l3Length;
    }

    /** Offset of the first byte behind the IP packet, where padding may begin. */
    public int end() {
        return end;
    }
}
