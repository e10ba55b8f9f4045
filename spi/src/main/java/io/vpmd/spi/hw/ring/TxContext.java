// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

/**
 * The context descriptor, 7.2.2.2, that tells the device where the headers of the packets after it
 * are. The device remembers it, so that it is written only when it changes.
 */
final class TxContext {
    private static final int IP_TOTAL_LENGTH = 2;
    private static final int IP_CHECKSUM = 10;
    private static final int IPV6_PAYLOAD_LENGTH = 4;
    private static final int TCP_CHECKSUM = 16;
    private static final int MIN_L4 = 8;
    private static final int CHECKSUMS =
            MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6 | MbufFlags.TX_IP_CKSUM | MbufFlags.TX_L4_MASK;

    private long first;
    private long second;
    private long command;
    private int headers;
    private boolean known;
    /* What the last packet asked for if that were checksums and nothing else, else 0. */
    private int checksums;
    private int lengths;
    private int shortest;

    /** After a reset of the queue the device remembers nothing. */
    void forget() {
        known = false;
        checksums = 0;
    }

    /**
     * The requests of the last packet, if packets that ask for the same with the same {@link
     * #headerLengths} and at least {@link #shortest} bytes need nothing but {@link #command}; else
     * 0.
     */
    int checksums() {
        return checksums;
    }

    int headerLengths() {
        return lengths;
    }

    int shortest() {
        return shortest;
    }

    long first() {
        return first;
    }

    long second() {
        return second;
    }

    /** What to add to the second word of the packet's data descriptors. */
    long command() {
        return command;
    }

    /** Bytes that do not count as payload. */
    int headers() {
        return headers;
    }

    /**
     * What the device is asked for. A packet that is one segment already is not segmented: QEMU's
     * model takes FIN and PSH from it, and any device has less to do.
     */
    static int requests(Mbuf m) {
        int offload = m.flags() & MbufFlags.TX_MASK;
        if ((offload & MbufFlags.TX_TSO) == 0) {
            return offload;
        }
        int headers = m.l2Length() + m.l3Length() + m.l4Length();
        if (m.packetLength() - headers > m.segmentSize()) {
            return offload;
        }
        int ip = (offload & MbufFlags.TX_IPV4) != 0 ? MbufFlags.TX_IP_CKSUM : 0;
        return (offload & ~(MbufFlags.TX_TSO | MbufFlags.TX_L4_MASK)) | MbufFlags.TX_TCP_CKSUM | ip;
    }

    /** Whether the fields of the descriptor can hold the packet's header lengths. */
    static boolean fits(Mbuf m, int offload) {
        int l2 = m.l2Length();
        int l3 = m.l3Length();
        if ((offload & (MbufFlags.TX_TSO | MbufFlags.TX_L4_MASK | MbufFlags.TX_IP_CKSUM)) == 0) {
            return true;
        }
        return l2 >= 14
                && l2 <= Descriptors.MAX_MACLEN
                && l3 >= 20
                && l3 <= Descriptors.MAX_IPLEN
                && m.dataLength() >= l2 + l3
                && ((offload & MbufFlags.TX_L4_MASK) == 0 || m.packetLength() >= l2 + l3 + MIN_L4)
                && ((offload & MbufFlags.TX_TSO) == 0 || m.dataLength() >= l2 + l3 + m.l4Length());
    }

    /**
     * Makes the words for a packet with these requests.
     *
     * @return whether the context descriptor has to be written
     */
    boolean prepare(Mbuf m, int offload) {
        boolean tso = (offload & MbufFlags.TX_TSO) != 0;
        boolean ipv4 = (offload & MbufFlags.TX_IPV4) != 0;
        long low =
                (m.l3Length() & Descriptors.MAX_IPLEN)
                        | (long) (m.l2Length() & 0x7f) << Descriptors.CONTEXT_MACLEN_SHIFT;
        long high = Descriptors.TX_CONTEXT | (ipv4 ? Descriptors.CONTEXT_IPV4 : 0);
        long data = 0;
        headers = 0;
        if ((offload & MbufFlags.TX_VLAN) != 0) {
            low |= (long) m.vlan() << Descriptors.CONTEXT_VLAN_SHIFT;
            data |= Descriptors.TX_VLE;
        }
        if ((offload & MbufFlags.TX_IP_CKSUM) != 0 || (tso && ipv4)) {
            data |= Descriptors.TX_IXSM;
            clearIpChecksum(m);
        }
        int l4 = tso ? MbufFlags.TX_TCP_CKSUM : offload & MbufFlags.TX_L4_MASK;
        if (l4 != 0) {
            data |= Descriptors.TX_TXSM;
            high |=
                    l4 == MbufFlags.TX_TCP_CKSUM
                            ? Descriptors.CONTEXT_TCP
                            : l4 == MbufFlags.TX_SCTP_CKSUM ? Descriptors.CONTEXT_SCTP : 0;
        }
        if (tso) {
            headers = m.l2Length() + m.l3Length() + m.l4Length();
            high |= (long) m.l4Length() << Descriptors.CONTEXT_L4LEN_SHIFT;
            high |= (long) m.segmentSize() << Descriptors.CONTEXT_MSS_SHIFT;
            data |= Descriptors.TX_TSE;
            adjust(m, ipv4);
        }
        if ((offload & MbufFlags.TX_TIMESTAMP) != 0) {
            data |= Descriptors.TX_TIMESTAMP;
        }
        command = data;
        checksums = (offload & ~CHECKSUMS) == 0 ? offload : 0;
        lengths = m.headerLengths();
        shortest = m.l2Length() + m.l3Length() + MIN_L4;
        boolean same = known && low == first && high == second;
        first = low;
        second = high;
        known = true;
        return !same;
    }

    /** The device adds the field itself to the sum. */
    static void clearIpChecksum(Mbuf m) {
        m.putShort(m.l2Length() + IP_CHECKSUM, 0);
    }

    /**
     * For segmentation the device wants the lengths out of the headers, 7.2.4.2: it adds those of
     * each segment.
     */
    private static void adjust(Mbuf m, boolean ipv4) {
        int ip = m.l2Length();
        int tcp = ip + m.l3Length();
        int length = m.packetLength() - tcp;
        int sum = m.u16At(tcp + TCP_CHECKSUM) + (~length & 0xffff) + (~(length >>> 16) & 0xffff);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        m.putShort(tcp + TCP_CHECKSUM, sum);
        if (ipv4) {
            m.putShort(ip + IP_TOTAL_LENGTH, 0);
        } else {
            m.putShort(ip + IPV6_PAYLOAD_LENGTH, 0);
        }
    }
}
