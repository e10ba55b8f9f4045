// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.PacketType;

import java.util.Set;

/** What a written-back descriptor says about its packet, 7.1.5.2, as tables. */
final class IgbRxFlags {
    private static final int L4_CHECKED = 1;
    private static final int IP_CHECKED = 2;
    private static final int L4_ERROR = 4;
    private static final int IP_ERROR = 8;
    private static final int[] TYPES = types();

    private final int[] checksums;
    private final boolean hash;
    private final boolean vlan;

    IgbRxFlags(Set<RxOffload> requested) {
        boolean ip = requested.contains(RxOffload.IPV4_CHECKSUM);
        boolean l4 =
                requested.contains(RxOffload.L4_CHECKSUM)
                        || requested.contains(RxOffload.SCTP_CHECKSUM);
        hash = requested.contains(RxOffload.RSS_HASH);
        vlan = requested.contains(RxOffload.VLAN_STRIP);
        checksums = new int[16];
        for (int i = 0; i < 16; i++) {
            if (ip && (i & IP_CHECKED) != 0) {
                checksums[i] |= (i & IP_ERROR) != 0 ? MbufFlags.RX_IP_BAD : MbufFlags.RX_IP_GOOD;
            }
            if (l4 && (i & L4_CHECKED) != 0) {
                checksums[i] |= (i & L4_ERROR) != 0 ? MbufFlags.RX_L4_BAD : MbufFlags.RX_L4_GOOD;
            }
        }
    }

    /** Packet type bits: IPv4, with options, IPv6, with extensions, TCP, UDP, SCTP. */
    private static int[] types() {
        int[] types = new int[IgbDesc.RX_TYPE_MASK + 1];
        for (int i = 0; i < types.length; i++) {
            int l3 =
                    (i & 2) != 0
                            ? PacketType.L3_IPV4_OPTIONS
                            : (i & 1) != 0
                                    ? PacketType.L3_IPV4
                                    : (i & 8) != 0
                                            ? PacketType.L3_IPV6_EXTENSIONS
                                            : (i & 4) != 0 ? PacketType.L3_IPV6 : 0;
            int l4 =
                    (i & 16) != 0
                            ? PacketType.L4_TCP
                            : (i & 32) != 0
                                    ? PacketType.L4_UDP
                                    : (i & 64) != 0 ? PacketType.L4_SCTP : 0;
            types[i] = PacketType.L2_ETHER | l3 | l4;
        }
        return types;
    }

    /** What the checksums were found to be. */
    int flags(long back) {
        int found =
                ((int) (back >>> IgbDesc.RX_CHECKED_SHIFT) & 3)
                        | ((int) (back >>> (IgbDesc.RX_ERROR_SHIFT - 2)) & 12);
        return checksums[found & (checksums.length - 1)];
    }

    static int type(long head) {
        return TYPES[(int) (head >>> IgbDesc.RX_TYPE_SHIFT) & IgbDesc.RX_TYPE_MASK];
    }

    /** Adds hash and tag, which not all packets have, from the words of the last descriptor. */
    void apply(Mbuf m, long head, long back) {
        if (hash && (head & 0xf) != 0) {
            m.setRssHash((int) (head >>> 32));
            m.setFlags(m.flags() | MbufFlags.RX_RSS_HASH);
        }
        if (vlan && (back & IgbDesc.RX_VP) != 0) {
            m.setVlan((int) (back >>> IgbDesc.RX_VLAN_SHIFT), 0);
            m.setFlags(m.flags() | MbufFlags.RX_VLAN_STRIPPED);
        }
    }
}
