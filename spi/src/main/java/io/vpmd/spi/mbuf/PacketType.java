// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

/** What a port recognised in a packet: one value of each group, or 0 where it does not say. */
public final class PacketType {
    public static final int L2_ETHER = 1;
    public static final int L2_VLAN = 2;
    public static final int L2_QINQ = 3;
    public static final int L2_ARP = 4;
    public static final int L2_TIMESYNC = 5;
    public static final int L2_LLDP = 6;
    public static final int L2_MASK = 0xf;

    public static final int L3_IPV4 = 1 << 4;
    public static final int L3_IPV4_OPTIONS = 2 << 4;
    public static final int L3_IPV6 = 3 << 4;
    public static final int L3_IPV6_EXTENSIONS = 4 << 4;
    public static final int L3_MASK = 0xf << 4;

    public static final int L4_TCP = 1 << 8;
    public static final int L4_UDP = 2 << 8;
    public static final int L4_SCTP = 3 << 8;
    public static final int L4_ICMP = 4 << 8;
    public static final int L4_FRAGMENT = 5 << 8;
    public static final int L4_MASK = 0xf << 8;

    private PacketType() {}
}
