// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.wire.Arp;
import io.vpmd.spi.wire.Checksum;
import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Headers;
import io.vpmd.spi.wire.Icmp;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Udp;

/**
 * A host that answers ARP, ping, neighbour solicitation and UDP by turning the request, in its
 * buffers, into the answer. One thread at a time.
 */
final class EchoHost {
    private static final int TTL = 64;

    private final EchoAddresses own;
    private final EchoCounters counters = new EchoCounters();
    private final Headers headers = new Headers();
    private final EchoIpv6 ipv6;

    EchoHost(EchoAddresses own) {
        this.own = own;
        this.ipv6 = new EchoIpv6(own, headers);
    }

    EchoCounters counters() {
        return counters;
    }

    /**
     * Looks at a packet that was sent to this host, checksums complete.
     *
     * @return whether it has become an answer; if not, it is as it was
     */
    boolean answer(Mbuf packet) {
        int what = EchoCounters.IGNORED;
        if (headers.parse(packet) && forMe(packet)) {
            if (headers.etherType() == Ethernet.TYPE_ARP) {
                what = answerArp(packet);
            } else if (headers.fragment()) {
                what = EchoCounters.IGNORED;
            } else if (headers.ipv4()) {
                what = answerIpv4(packet);
            } else if (headers.ipv6()) {
                what = ipv6.answer(packet);
            }
        }
        counters.count(what);
        return what < EchoCounters.IGNORED;
    }

    private boolean forMe(Mbuf packet) {
        long destination = Ethernet.address(packet, Ethernet.DESTINATION);
        long source = Ethernet.address(packet, Ethernet.SOURCE);
        boolean group = (source & 0x0100_0000_0000L) != 0;
        return !group
                && (destination == own.mac()
                        || destination == Ethernet.BROADCAST
                        || destination >>> 32 == 0x3333);
    }

    private int answerArp(Mbuf packet) {
        int at = headers.l2Length();
        if (packet.dataLength() < at + Arp.LENGTH
                || packet.intAt(at + Arp.HARDWARE_TYPE) != Arp.ETHERNET_IPV4
                || packet.u16At(at + Arp.HARDWARE_LENGTH) != Arp.LENGTHS_6_4
                || packet.u16At(at + Arp.OPERATION) != Arp.REQUEST
                || packet.intAt(at + Arp.TARGET_IP) != own.ip()
                || packet.intAt(at + Arp.SENDER_IP) == own.ip()) {
            return EchoCounters.IGNORED;
        }
        long asker = Ethernet.address(packet, at + Arp.SENDER_MAC);
        packet.putShort(at + Arp.OPERATION, Arp.REPLY);
        Ethernet.putAddress(packet, at + Arp.TARGET_MAC, asker);
        packet.putInt(at + Arp.TARGET_IP, packet.intAt(at + Arp.SENDER_IP));
        Ethernet.putAddress(packet, at + Arp.SENDER_MAC, own.mac());
        packet.putInt(at + Arp.SENDER_IP, own.ip());
        replyTo(packet);
        return EchoCounters.ARP;
    }

    private int answerIpv4(Mbuf packet) {
        int at = headers.l2Length();
        int source = packet.intAt(at + Ipv4.SOURCE);
        // Not to 0/8, loopback, multicast or broadcast: nobody to answer to.
        int net = source >>> 24;
        if (packet.intAt(at + Ipv4.DESTINATION) != own.ip()
                || net == 0
                || net == 127
                || net >= 224
                || source == own.ip()) {
            return EchoCounters.IGNORED;
        }
        if (Checksum.sum(packet, at, headers.l3Length(), 0) != 0xffff) {
            return EchoCounters.BAD_CHECKSUM;
        }
        int what =
                switch (headers.protocol()) {
                    case Ipv4.ICMP -> answerIcmp(packet);
                    case Ipv4.UDP -> answerUdp(packet, headers);
                    default -> EchoCounters.IGNORED;
                };
        if (what < EchoCounters.IGNORED) {
            packet.putInt(at + Ipv4.SOURCE, own.ip());
            packet.putInt(at + Ipv4.DESTINATION, source);
            packet.putByte(at + Ipv4.TTL, TTL);
            Ipv4.putChecksum(packet, at, headers.l3Length());
            replyTo(packet);
        }
        return what;
    }

    private int answerIcmp(Mbuf packet) {
        int at = headers.l4();
        if (headers.l4Length() == 0 || packet.u16At(at + Icmp.TYPE) != Icmp.ECHO_REQUEST << 8) {
            return EchoCounters.IGNORED;
        }
        if (Checksum.sum(packet, at, headers.end() - at, 0) != 0xffff) {
            return EchoCounters.BAD_CHECKSUM;
        }
        int checksum = packet.u16At(at + Icmp.CHECKSUM);
        packet.putByte(at + Icmp.TYPE, Icmp.ECHO_REPLY);
        packet.putShort(at + Icmp.CHECKSUM, Checksum.update(checksum, Icmp.ECHO_REQUEST << 8, 0));
        return EchoCounters.ICMP;
    }

    /** Swaps the ports, which leaves the checksum as it is, and so does swapping the addresses. */
    static int answerUdp(Mbuf packet, Headers headers) {
        int at = headers.l4();
        int sourcePort = headers.l4Length() == 0 ? 0 : packet.u16At(at + Udp.SOURCE_PORT);
        if (sourcePort == 0) {
            return EchoCounters.IGNORED;
        }
        int length = packet.u16At(at + Udp.LENGTH);
        boolean none = headers.ipv4() && packet.u16At(at + Udp.CHECKSUM) == 0;
        int pseudo = Checksum.pseudoHeader(packet, headers.l2Length(), Ipv4.UDP, length);
        if (!none && Checksum.sum(packet, at, length, pseudo) != 0xffff) {
            return EchoCounters.BAD_CHECKSUM;
        }
        packet.putShort(at + Udp.SOURCE_PORT, packet.u16At(at + Udp.DESTINATION_PORT));
        packet.putShort(at + Udp.DESTINATION_PORT, sourcePort);
        return EchoCounters.UDP;
    }

    private void replyTo(Mbuf packet) {
        long asker = Ethernet.address(packet, Ethernet.SOURCE);
        Ethernet.putAddress(packet, Ethernet.DESTINATION, asker);
        Ethernet.putAddress(packet, Ethernet.SOURCE, own.mac());
    }
}
