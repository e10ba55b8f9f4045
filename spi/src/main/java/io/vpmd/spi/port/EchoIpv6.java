// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.wire.Checksum;
import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Headers;
import io.vpmd.spi.wire.Icmp;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Ipv6;

/** The IPv6 half of {@link EchoHost}; works on what the host's parser has found. */
final class EchoIpv6 {
    private static final int HOP_LIMIT = 64;

    /** Neighbour discovery is never forwarded: other values come from another link. */
    private static final int ON_LINK = 255;

    /** Target address of a solicitation, from the ICMPv6 header on; options follow at 24. */
    private static final int TARGET = 8;

    private static final int SOLICITATION_LENGTH = 24;

    /** An advertisement with the option for the target's link layer address. */
    private static final int ADVERTISEMENT_LENGTH = 32;

    private static final int SOLICITED_OVERRIDE = 0x6000_0000;
    private static final int OVERRIDE = 0x2000_0000;

    /** Option type 2, length 1 (8 bytes). */
    private static final int TARGET_LINK_ADDRESS = 0x0201;

    private static final long ALL_NODES_HIGH = 0xff02L << 48;
    private static final long ALL_NODES_LOW = 1;
    private static final long ALL_NODES_MAC = 0x3333_0000_0001L;

    private final EchoAddresses own;
    private final Headers headers;

    EchoIpv6(EchoAddresses own, Headers headers) {
        this.own = own;
        this.headers = headers;
    }

    /** Returns the counter to count, as {@link EchoHost#answer} does with the packet. */
    int answer(Mbuf packet) {
        int at = headers.l2Length();
        int l4 = headers.l4();
        if (headers.l4Length() == 0 || packet.u8At(at + Ipv6.SOURCE) == 0xff) {
            return EchoCounters.IGNORED;
        }
        if (headers.protocol() == Ipv6.ICMPV6) {
            return switch (packet.u16At(l4 + Icmp.TYPE)) {
                case Icmp.V6_ECHO_REQUEST << 8 -> answerPing(packet, at, l4);
                case Icmp.V6_NEIGHBOR_SOLICITATION << 8 -> answerNeighbor(packet, at, l4);
                default -> EchoCounters.IGNORED;
            };
        }
        if (headers.protocol() != Ipv4.UDP || !fromUnicastToMe(packet, at)) {
            return EchoCounters.IGNORED;
        }
        int what = EchoHost.answerUdp(packet, headers);
        if (what == EchoCounters.UDP) {
            swap(packet, at);
        }
        return what;
    }

    private boolean fromUnicastToMe(Mbuf packet, int at) {
        long high = packet.longAt(at + Ipv6.SOURCE);
        long low = packet.longAt(at + Ipv6.SOURCE + 8);
        boolean unspecifiedOrLoopback = high == 0 && low <= 1 && low >= 0;
        return !unspecifiedOrLoopback
                && !own.owns(high, low)
                && own.owns(
                        packet.longAt(at + Ipv6.DESTINATION),
                        packet.longAt(at + Ipv6.DESTINATION + 8));
    }

    private boolean goodChecksum(Mbuf packet, int at, int l4) {
        int length = headers.end() - l4;
        int pseudo = Checksum.pseudoHeader(packet, at, Ipv6.ICMPV6, length);
        return Checksum.sum(packet, l4, length, pseudo) == 0xffff;
    }

    private int answerPing(Mbuf packet, int at, int l4) {
        if (!fromUnicastToMe(packet, at)) {
            return EchoCounters.IGNORED;
        }
        if (!goodChecksum(packet, at, l4)) {
            return EchoCounters.BAD_CHECKSUM;
        }
        int checksum = packet.u16At(l4 + Icmp.CHECKSUM);
        packet.putByte(l4 + Icmp.TYPE, Icmp.V6_ECHO_REPLY);
        packet.putShort(
                l4 + Icmp.CHECKSUM,
                Checksum.update(checksum, Icmp.V6_ECHO_REQUEST << 8, Icmp.V6_ECHO_REPLY << 8));
        swap(packet, at);
        return EchoCounters.ICMPV6;
    }

    private void swap(Mbuf packet, int at) {
        long high = packet.longAt(at + Ipv6.SOURCE);
        long low = packet.longAt(at + Ipv6.SOURCE + 8);
        packet.putLong(at + Ipv6.SOURCE, packet.longAt(at + Ipv6.DESTINATION));
        packet.putLong(at + Ipv6.SOURCE + 8, packet.longAt(at + Ipv6.DESTINATION + 8));
        packet.putLong(at + Ipv6.DESTINATION, high);
        packet.putLong(at + Ipv6.DESTINATION + 8, low);
        packet.putByte(at + Ipv6.HOP_LIMIT, HOP_LIMIT);
        // Not a plain swap: the destination may have been a multicast address.
        long asker = Ethernet.address(packet, Ethernet.SOURCE);
        Ethernet.putAddress(packet, Ethernet.DESTINATION, asker);
        Ethernet.putAddress(packet, Ethernet.SOURCE, own.mac());
    }

    private int answerNeighbor(Mbuf packet, int at, int l4) {
        boolean wellFormed =
                packet.segments() == 1
                        && l4 - at == Ipv6.HEADER_LENGTH
                        && headers.end() - l4 >= SOLICITATION_LENGTH
                        && packet.u8At(at + Ipv6.HOP_LIMIT) == ON_LINK;
        if (!wellFormed || !own.owns(packet.longAt(l4 + TARGET), packet.longAt(l4 + TARGET + 8))) {
            return EchoCounters.IGNORED;
        }
        if (!goodChecksum(packet, at, l4)) {
            return EchoCounters.BAD_CHECKSUM;
        }
        int missing = l4 + ADVERTISEMENT_LENGTH - packet.dataLength();
        if (missing > packet.tailroom()) {
            return EchoCounters.IGNORED;
        }
        if (missing > 0) {
            packet.append(missing);
        } else {
            packet.trimBack(-missing);
        }
        advertise(packet, at, l4);
        return EchoCounters.NEIGHBOR;
    }

    private void advertise(Mbuf packet, int at, int l4) {
        long high = packet.longAt(at + Ipv6.SOURCE);
        long low = packet.longAt(at + Ipv6.SOURCE + 8);
        // Who asks without an address checks whether it is free: all nodes hear that it is not.
        boolean anonymous = high == 0 && low == 0;
        packet.putLong(at + Ipv6.DESTINATION, anonymous ? ALL_NODES_HIGH : high);
        packet.putLong(at + Ipv6.DESTINATION + 8, anonymous ? ALL_NODES_LOW : low);
        packet.putLong(at + Ipv6.SOURCE, packet.longAt(l4 + TARGET));
        packet.putLong(at + Ipv6.SOURCE + 8, packet.longAt(l4 + TARGET + 8));
        packet.putShort(at + Ipv6.PAYLOAD_LENGTH, ADVERTISEMENT_LENGTH);
        packet.putShort(l4 + Icmp.TYPE, Icmp.V6_NEIGHBOR_ADVERTISEMENT << 8);
        packet.putShort(l4 + Icmp.CHECKSUM, 0);
        packet.putInt(l4 + Icmp.REST, anonymous ? OVERRIDE : SOLICITED_OVERRIDE);
        packet.putShort(l4 + SOLICITATION_LENGTH, TARGET_LINK_ADDRESS);
        Ethernet.putAddress(packet, l4 + SOLICITATION_LENGTH + 2, own.mac());
        int pseudo = Checksum.pseudoHeader(packet, at, Ipv6.ICMPV6, ADVERTISEMENT_LENGTH);
        int sum = Checksum.sum(packet, l4, ADVERTISEMENT_LENGTH, pseudo);
        packet.putShort(l4 + Icmp.CHECKSUM, Checksum.finish(sum));
        long asker = Ethernet.address(packet, Ethernet.SOURCE);
        Ethernet.putAddress(packet, Ethernet.DESTINATION, anonymous ? ALL_NODES_MAC : asker);
        Ethernet.putAddress(packet, Ethernet.SOURCE, own.mac());
    }
}
