// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.PacketType;

import java.util.Set;

/**
 * What a written-back descriptor says about its packet, 7.1.5.2, as tables.
 *
 * <p>Immutable; a queue's own.
 */
public final class RxMeaning {
    private static final int L4_CHECKED = 1;
    private static final int IP_CHECKED = 2;
    private static final int L4_ERROR = 4;
    private static final int IP_ERROR = 8;
    private static final int[] CHECKSUMS = checksums();
    private static final int[] TYPES = types();

    /* The bits of a second word that are asked for: one that is not counts as not checked. */
    private final int wanted;
    /* Moves the two bits that say what was checked to 29:28, and those of errors to 31:30. */
    private final int gather;
    private final boolean hash;
    private final boolean vlan;

    /**
     * The meaning of what was requested.
     *
     * @param errorShift where the L4 checksum error of the device is in the second word; that of
     *     the IPv4 header is above it
     */
    public RxMeaning(Set<RxOffload> requested, int errorShift) {
        boolean l4 =
                requested.contains(RxOffload.L4_CHECKSUM)
                        || requested.contains(RxOffload.SCTP_CHECKSUM);
        wanted =
                (l4 ? where(L4_CHECKED, L4_ERROR, errorShift) : 0)
                        | (requested.contains(RxOffload.IPV4_CHECKSUM)
                                ? where(IP_CHECKED, IP_ERROR, errorShift)
                                : 0);
        hash = requested.contains(RxOffload.RSS_HASH);
        gather = 1 << (28 - Descriptors.RX_CHECKED_SHIFT) | 1 << (30 - errorShift);
        vlan = requested.contains(RxOffload.VLAN_STRIP);
    }

    private static int where(int checked, int error, int errorShift) {
        return checked << Descriptors.RX_CHECKED_SHIFT | (error >> 2) << errorShift;
    }

    private static int[] checksums() {
        int[] flags = new int[16];
        for (int i = 0; i < flags.length; i++) {
            if ((i & IP_CHECKED) != 0) {
                flags[i] |= (i & IP_ERROR) != 0 ? MbufFlags.RX_IP_BAD : MbufFlags.RX_IP_GOOD;
            }
            if ((i & L4_CHECKED) != 0) {
                flags[i] |= (i & L4_ERROR) != 0 ? MbufFlags.RX_L4_BAD : MbufFlags.RX_L4_GOOD;
            }
        }
        return flags;
    }

    /** Packet type bits: IPv4, with options, IPv6, with extensions, TCP, UDP, SCTP. */
    private static int[] types() {
        int[] types = new int[Descriptors.RX_TYPE_MASK + 1];
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
        return CHECKSUMS[(((int) back & wanted) * gather) >>> 28];
    }

    static int type(long head) {
        return TYPES[(int) (head >>> Descriptors.RX_TYPE_SHIFT) & Descriptors.RX_TYPE_MASK];
    }

    /** Adds hash and tag, which not all packets have, from the words of the last descriptor. */
    void apply(Mbuf m, long head, long back) {
        if (hash && (head & 0xf) != 0) {
            m.setRssHash((int) (head >>> 32));
            m.setFlags(m.flags() | MbufFlags.RX_RSS_HASH);
        }
        if (vlan && (back & Descriptors.RX_VP) != 0) {
            m.setVlan((int) (back >>> Descriptors.RX_VLAN_SHIFT), 0);
            m.setFlags(m.flags() | MbufFlags.RX_VLAN_STRIPPED);
        }
    }
}
