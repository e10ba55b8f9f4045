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
    /* Bits 6:5, what was checked, and 31:29, errors. */
    private static final int CHECKSUM_BITS = 0xe000_0060;
    /* Moves bits 6:5 to 28:27, next to the others, in one step. */
    private static final int GATHER = 1 << 22 | 1;
    private static final int GATHERED_SHIFT = 27;
    private static final int FIRST_ERROR = 29;
    private static final long UDP = 1L << (Descriptors.RX_TYPE_SHIFT + 5);
    private static final int[] TYPES = types();

    /* By what was checked (two bits) and errors (three). */
    private final int[] checksums = new int[32];
    private final boolean udpErrorsDoubtful;
    private final boolean hash;
    private final boolean vlan;

    /**
     * The meaning of what was requested; what was not requested counts as not checked.
     *
     * @param errorShift where the L4 checksum error of the device is in the second word, 29 or 30;
     *     that of the IPv4 header is above it
     * @param udpErrorsDoubtful whether the device takes UDP packets without a checksum for wrong
     *     ones, so that what it says of such is not passed on
     */
    public RxMeaning(Set<RxOffload> requested, int errorShift, boolean udpErrorsDoubtful) {
        this.udpErrorsDoubtful = udpErrorsDoubtful;
        boolean l4 =
                requested.contains(RxOffload.L4_CHECKSUM)
                        || requested.contains(RxOffload.SCTP_CHECKSUM);
        boolean ip = requested.contains(RxOffload.IPV4_CHECKSUM);
        for (int i = 0; i < checksums.length; i++) {
            int errors = i >>> 2 >>> (errorShift - FIRST_ERROR);
            if (l4 && (i & L4_CHECKED) != 0) {
                checksums[i] |= (errors & 1) != 0 ? MbufFlags.RX_L4_BAD : MbufFlags.RX_L4_GOOD;
            }
            if (ip && (i & IP_CHECKED) != 0) {
                checksums[i] |= (errors & 2) != 0 ? MbufFlags.RX_IP_BAD : MbufFlags.RX_IP_GOOD;
            }
        }
        hash = requested.contains(RxOffload.RSS_HASH);
        vlan = requested.contains(RxOffload.VLAN_STRIP);
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

    private static void forgetError(Mbuf m) {
        if ((m.flags() & MbufFlags.RX_L4_MASK) == MbufFlags.RX_L4_BAD) {
            m.setFlags(m.flags() & ~MbufFlags.RX_L4_MASK);
        }
    }

    /** What the checksums were found to be. */
    int flags(long back) {
        return checksums[(((int) back & CHECKSUM_BITS) * GATHER) >>> GATHERED_SHIFT];
    }

    static int type(long head) {
        return TYPES[(int) (head >>> Descriptors.RX_TYPE_SHIFT) & Descriptors.RX_TYPE_MASK];
    }

    /** Adds hash and tag, which not all packets have, from the words of the last descriptor. */
    void apply(Mbuf m, long head, long back) {
        if (udpErrorsDoubtful && (head & UDP) != 0) {
            forgetError(m);
        }
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
