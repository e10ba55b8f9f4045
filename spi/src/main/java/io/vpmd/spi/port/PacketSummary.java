// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.wire.Arp;
import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Headers;
import io.vpmd.spi.wire.Icmp;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Ipv6;
import io.vpmd.spi.wire.Tcp;
import io.vpmd.spi.wire.Udp;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** One line about a packet, in the manner of tcpdump. For one thread; allocates. */
public final class PacketSummary {
    private static final String[] TCP_FLAGS = {"F", "S", "R", "P", ".", "U", "E", "W"};

    private final Headers headers = new Headers();

    /** Makes lines. */
    public PacketSummary() {}

    /** What the packet is, for example {@code IP 10.0.0.1.5 > 10.0.0.2.7: UDP, length 30}. */
    public String of(Mbuf packet) {
        if (!headers.parse(packet)) {
            return "cut off, length " + packet.packetLength();
        }
        StringBuilder s = new StringBuilder(100);
        for (int tag = 0; tag < headers.tags(); tag++) {
            int tci = packet.u16At(Ethernet.HEADER_LENGTH + tag * Ethernet.TAG_LENGTH);
            s.append("vlan ").append(tci & 0xfff).append(", ");
        }
        int l3 = headers.l2Length();
        if (headers.ipv4() || headers.ipv6()) {
            appendIp(s, packet, l3);
        } else if (headers.etherType() == Ethernet.TYPE_ARP
                && packet.dataLength() >= l3 + Arp.LENGTH) {
            appendArp(s, packet, l3);
        } else {
            s.append(mac(packet, Ethernet.SOURCE)).append(" > ");
            s.append(mac(packet, Ethernet.DESTINATION)).append(", ethertype 0x");
            s.append(String.format("%04x", headers.etherType()));
            s.append(", length ").append(packet.packetLength());
        }
        return s.toString();
    }

    private void appendArp(StringBuilder s, Mbuf packet, int at) {
        int operation = packet.u16At(at + Arp.OPERATION);
        String sender = address(packet, at + Arp.SENDER_IP, 4);
        switch (operation) {
            case Arp.REQUEST ->
                    s.append("ARP, who-has ")
                            .append(address(packet, at + Arp.TARGET_IP, 4))
                            .append(" tell ")
                            .append(sender);
            case Arp.REPLY ->
                    s.append("ARP, reply ")
                            .append(sender)
                            .append(" is-at ")
                            .append(mac(packet, at + Arp.SENDER_MAC));
            default -> s.append("ARP, operation ").append(operation);
        }
    }

    private void appendIp(StringBuilder s, Mbuf packet, int l3) {
        boolean v4 = headers.ipv4();
        int size = v4 ? 4 : 16;
        int l4 = headers.l4();
        boolean ports = headers.l4Length() > 0 && isPortProtocol();
        s.append(v4 ? "IP " : "IP6 ");
        s.append(address(packet, l3 + (v4 ? Ipv4.SOURCE : Ipv6.SOURCE), size));
        if (ports) {
            s.append('.').append(packet.u16At(l4 + Udp.SOURCE_PORT));
        }
        s.append(" > ");
        s.append(address(packet, l3 + (v4 ? Ipv4.DESTINATION : Ipv6.DESTINATION), size));
        if (ports) {
            s.append('.').append(packet.u16At(l4 + Udp.DESTINATION_PORT));
        }
        s.append(": ");
        appendTransport(s, packet, l4);
    }

    private boolean isPortProtocol() {
        return headers.protocol() == Ipv4.TCP || headers.protocol() == Ipv4.UDP;
    }

    private void appendTransport(StringBuilder s, Mbuf packet, int l4) {
        int payload = headers.end() - l4 - headers.l4Length();
        if (headers.fragment() || headers.l4Length() == 0) {
            s.append(headers.fragment() ? "fragment, " : "");
            s.append("protocol ").append(headers.protocol());
        } else if (headers.protocol() == Ipv4.TCP) {
            appendTcp(s, packet, l4);
        } else if (headers.protocol() == Ipv4.UDP) {
            s.append("UDP");
        } else if (headers.protocol() == Ipv4.SCTP) {
            s.append("SCTP");
        } else {
            appendIcmp(s, packet, l4);
            payload += headers.l4Length();
        }
        s.append(", length ").append(payload);
    }

    private static void appendTcp(StringBuilder s, Mbuf packet, int l4) {
        int flags = packet.u8At(l4 + Tcp.FLAGS);
        s.append("Flags [");
        for (int i = 0; i < 8; i++) {
            s.append((flags >> i & 1) != 0 ? TCP_FLAGS[i] : "");
        }
        s.append("], seq ").append(packet.intAt(l4 + Tcp.SEQUENCE) & 0xffff_ffffL);
        if ((flags & Tcp.ACK) != 0) {
            s.append(", ack ").append(packet.intAt(l4 + Tcp.ACKNOWLEDGMENT) & 0xffff_ffffL);
        }
        s.append(", win ").append(packet.u16At(l4 + Tcp.WINDOW));
    }

    private void appendIcmp(StringBuilder s, Mbuf packet, int l4) {
        int type = packet.u8At(l4 + Icmp.TYPE);
        boolean v6 = headers.protocol() == Ipv6.ICMPV6;
        s.append(v6 ? "ICMP6, " : "ICMP ");
        if (type == (v6 ? Icmp.V6_ECHO_REQUEST : Icmp.ECHO_REQUEST)) {
            appendEcho(s, packet, l4, "echo request");
        } else if (type == (v6 ? Icmp.V6_ECHO_REPLY : Icmp.ECHO_REPLY)) {
            appendEcho(s, packet, l4, "echo reply");
        } else if (v6 && type == Icmp.V6_NEIGHBOR_SOLICITATION) {
            s.append("neighbor solicitation");
        } else if (v6 && type == Icmp.V6_NEIGHBOR_ADVERTISEMENT) {
            s.append("neighbor advertisement");
        } else {
            s.append("type ").append(type).append(" code ").append(packet.u8At(l4 + Icmp.CODE));
        }
    }

    private static void appendEcho(StringBuilder s, Mbuf packet, int l4, String what) {
        s.append(what).append(", id ").append(packet.u16At(l4 + Icmp.REST));
        s.append(", seq ").append(packet.u16At(l4 + Icmp.REST + 2));
    }

    private static String mac(Mbuf packet, int at) {
        return new MacAddress(Ethernet.address(packet, at)).toString();
    }

    private static String address(Mbuf packet, int at, int size) {
        byte[] bytes = new byte[size];
        packet.bytes(at, bytes, 0, size);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are an address", e);
        }
    }
}
