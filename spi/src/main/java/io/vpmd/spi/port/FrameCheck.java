// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Tcp;

/** Tells packets that a port can send from malformed ones. Used by one thread at a time. */
public final class FrameCheck {
    /** Ethernet header and two VLAN tags. */
    private static final int L2_OVERHEAD = 22;

    private static final int L4_SHIFT = Integer.numberOfTrailingZeros(MbufFlags.TX_L4_MASK);

    private final boolean multiSegment;
    private final int refusedFlags;

    /* Bit n says whether value n of MbufFlags.TX_L4_MASK may be asked for. */
    private final int checksums;
    private int maxLength;

    /** Allows what {@code config} requests. */
    public FrameCheck(PortConfig config, int mtu) {
        this.multiSegment = config.txOffloads().contains(TxOffload.MULTI_SEGMENT);
        int refused = MbufFlags.TX_MASK & ~(MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6);
        int sums = 1;
        for (TxOffload offload : config.txOffloads()) {
            refused &= ~flags(offload);
            sums |= 1 << (flags(offload) >>> L4_SHIFT & 3);
        }
        this.refusedFlags = refused & ~MbufFlags.TX_L4_MASK;
        this.checksums = sums;
        setMtu(mtu);
    }

    private static int flags(TxOffload offload) {
        return switch (offload) {
            case IPV4_CHECKSUM -> MbufFlags.TX_IP_CKSUM;
            case TCP_CHECKSUM -> MbufFlags.TX_TCP_CKSUM;
            case UDP_CHECKSUM -> MbufFlags.TX_UDP_CKSUM;
            case SCTP_CHECKSUM -> MbufFlags.TX_SCTP_CKSUM;
            // Segmentation implies both checksums.
            case TCP_TSO -> MbufFlags.TX_TSO | MbufFlags.TX_TCP_CKSUM | MbufFlags.TX_IP_CKSUM;
            case MULTI_SEGMENT -> 0;
            case VLAN_INSERT -> MbufFlags.TX_VLAN;
            case QINQ_INSERT -> MbufFlags.TX_QINQ;
            case TIMESTAMP -> MbufFlags.TX_TIMESTAMP;
        };
    }

    /** No burst is running. */
    public void setMtu(int mtu) {
        maxLength = mtu + L2_OVERHEAD;
    }

    /** Whether the packet has a whole header, is not too long and asks only for what it may. */
    public boolean wellFormed(Mbuf packet) {
        int flags = packet.flags();
        return packet.dataLength() >= Ethernet.HEADER_LENGTH
                && (flags & refusedFlags) == 0
                && (checksums >>> ((flags & MbufFlags.TX_L4_MASK) >>> L4_SHIFT) & 1) != 0
                && (packet.segments() == 1 || multiSegment)
                && ((flags & MbufFlags.TX_TSO) == 0
                        ? packet.packetLength() <= maxLength
                        : segmentable(packet));
    }

    private boolean segmentable(Mbuf packet) {
        int headers = packet.l2Length() + packet.l3Length() + packet.l4Length();
        return packet.l2Length() >= Ethernet.HEADER_LENGTH
                && packet.l3Length() >= Ipv4.HEADER_LENGTH
                && packet.l4Length() >= Tcp.HEADER_LENGTH
                && headers < packet.packetLength()
                && packet.segmentSize() > 0
                && headers + packet.segmentSize() <= maxLength;
    }
}
