// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.wire.Checksum;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * What Linux and this process tell each other of a frame. It is the header that stands before every
 * frame on a TAP queue, {@code struct virtio_net_hdr_mrg_rxbuf} in the byte order of the machine.
 *
 * <pre>
 *   0 flags  1 gso_type  2 hdr_len:2  4 gso_size:2  6 csum_start:2  8 csum_offset:2  10 unused:2
 * </pre>
 */
public final class VnetHeader {
    /** Bytes; a multiple of four keeps the frame behind it aligned. */
    static final int SIZE = 12;

    private static final int NEEDS_CSUM = 1;
    private static final int DATA_VALID = 2;
    private static final int GSO_TCPV4 = 1;
    private static final int GSO_TCPV6 = 4;
    private static final int GSO_ECN = 0x80;
    private static final int L4_OFFLOADS = MbufFlags.TX_L4_MASK | MbufFlags.TX_TSO;
    private static final int OFFLOADS = L4_OFFLOADS | MbufFlags.TX_IP_CKSUM;
    private static final int IPV4_CSUM_OFFSET = 10;
    private static final int TCP_CSUM_OFFSET = 16;
    private static final int UDP_CSUM_OFFSET = 6;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private VnetHeader() {}

    /** The TX flags that packets may have when {@code offloads} were requested. */
    static int flags(Set<TxOffload> offloads) {
        int flags = MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6;
        for (TxOffload offload : offloads) {
            flags |=
                    switch (offload) {
                        case IPV4_CHECKSUM -> MbufFlags.TX_IP_CKSUM;
                        case TCP_CHECKSUM -> MbufFlags.TX_TCP_CKSUM;
                        case UDP_CHECKSUM -> MbufFlags.TX_UDP_CKSUM;
                        case TCP_TSO -> MbufFlags.TX_TSO;
                        default -> 0;
                    };
        }
        return flags;
    }

    /**
     * Writes the header for {@code m} at {@code at}.
     *
     * @return false when the packet's offload request contradicts its lengths; nothing is sent then
     */
    public static boolean write(Mbuf m, MemorySegment to, long at) {
        to.set(INT, at, 0);
        to.set(INT, at + 4, 0);
        to.set(INT, at + 8, 0);
        int flags = m.flags();
        if ((flags & OFFLOADS) != 0) {
            return completeIpv4(m, flags)
                    && ((flags & L4_OFFLOADS) == 0 || writeOffload(m, flags, to, at));
        }
        if ((flags & MbufFlags.RX_L4_MASK) == MbufFlags.RX_L4_GOOD) {
            to.set(JAVA_BYTE, at, (byte) DATA_VALID);
        }
        return true;
    }

    /** The kernel takes the packet as received, so its IPv4 header must be right already. */
    private static boolean completeIpv4(Mbuf m, int flags) {
        boolean segmentation = (flags & MbufFlags.TX_TSO) != 0 && (flags & MbufFlags.TX_IPV4) != 0;
        if (!segmentation && (flags & MbufFlags.TX_IP_CKSUM) == 0) {
            return true;
        }
        int l2 = m.l2Length();
        int l3 = m.l3Length();
        if (l2 < 14 || l3 < 20 || l2 + l3 > m.dataLength()) {
            return false;
        }
        m.putShort(l2 + IPV4_CSUM_OFFSET, 0);
        m.putShort(l2 + IPV4_CSUM_OFFSET, Checksum.finish(Checksum.sum(m, l2, l3, 0)));
        return true;
    }

    private static boolean writeOffload(Mbuf m, int flags, MemorySegment to, long at) {
        boolean tso = (flags & MbufFlags.TX_TSO) != 0;
        int l4 = flags & MbufFlags.TX_L4_MASK;
        boolean udp = !tso && l4 == MbufFlags.TX_UDP_CKSUM;
        if (!tso && !udp && l4 != MbufFlags.TX_TCP_CKSUM) {
            return false;
        }
        int start = m.l2Length() + m.l3Length();
        int offset = udp ? UDP_CSUM_OFFSET : TCP_CSUM_OFFSET;
        if (start < 14 + 20 || start + offset + 2 > m.dataLength()) {
            return false;
        }
        to.set(JAVA_BYTE, at, (byte) NEEDS_CSUM);
        to.set(SHORT, at + 6, (short) start);
        to.set(SHORT, at + 8, (short) offset);
        if (tso) {
            int headers = start + m.l4Length();
            if (m.l4Length() < 20 || m.segmentSize() <= 0 || headers > m.dataLength()) {
                return false;
            }
            boolean v6 = (flags & MbufFlags.TX_IPV6) != 0;
            // The congestion-window-reduced bit may be set in the first segment only.
            boolean cwr = (m.byteAt(start + 13) & 0x80) != 0;
            to.set(JAVA_BYTE, at + 1, (byte) ((v6 ? GSO_TCPV6 : GSO_TCPV4) | (cwr ? GSO_ECN : 0)));
            to.set(SHORT, at + 2, (short) headers);
            to.set(SHORT, at + 4, (short) m.segmentSize());
        }
        return true;
    }

    /** Takes over into {@code m}'s metadata what the header at {@code at} says. */
    public static void read(Mbuf m, MemorySegment from, long at) {
        int word = from.get(INT, at) & 0xffff;
        if (word != 0) {
            readOffload(m, word & 0xff, word >>> 8, from, at);
        }
    }

    private static void readOffload(Mbuf m, int flags, int gso, MemorySegment from, long at) {
        if ((flags & NEEDS_CSUM) == 0) {
            m.setFlags((flags & DATA_VALID) != 0 ? MbufFlags.RX_L4_GOOD : 0);
            return;
        }
        int start = from.get(SHORT, at + 6) & 0xffff;
        int offset = from.get(SHORT, at + 8) & 0xffff;
        int l2 = l2Length(m);
        boolean v6 = m.dataLength() > l2 && (m.byteAt(l2) & 0xf0) == 0x60;
        int l4 = offset == TCP_CSUM_OFFSET ? MbufFlags.TX_TCP_CKSUM : MbufFlags.TX_UDP_CKSUM;
        int value = MbufFlags.RX_L4_PARTIAL | l4 | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4);
        int l4Length = 8;
        if (offset == TCP_CSUM_OFFSET && start + 13 < m.dataLength()) {
            l4Length = ((m.byteAt(start + 12) >> 4) & 0xf) * 4;
        }
        if (gso != 0) {
            value |= MbufFlags.RX_LRO | MbufFlags.TX_TSO;
            m.setSegmentSize(from.get(SHORT, at + 4) & 0xffff);
        }
        m.setFlags(value);
        m.setHeaderLengths(l2, Math.max(0, start - l2), l4Length);
    }

    private static int l2Length(Mbuf m) {
        int at = 12;
        while (at + 6 <= m.dataLength()) {
            int type = m.u16At(at);
            if (type != 0x8100 && type != 0x88a8) {
                break;
            }
            at += 4;
        }
        return at + 2;
    }
}
