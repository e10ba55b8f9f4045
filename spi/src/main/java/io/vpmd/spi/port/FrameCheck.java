// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.wire.Ethernet;

import java.util.Set;

/** Tells packets that a port can send from malformed ones. Used by one thread at a time. */
final class FrameCheck {
    /** Ethernet header and two VLAN tags. */
    private static final int L2_OVERHEAD = 22;

    private final boolean multiSegment;
    private final int refusedFlags;
    private int maxLength;

    /** Allows what {@code config} requests. */
    FrameCheck(PortConfig config, int mtu) {
        this.multiSegment = config.txOffloads().contains(TxOffload.MULTI_SEGMENT);
        this.refusedFlags = MbufFlags.TX_MASK & ~allowed(config.txOffloads());
        setMtu(mtu);
    }

    private static int allowed(Set<TxOffload> requested) {
        int flags = MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6;
        for (TxOffload offload : requested) {
            flags |=
                    switch (offload) {
                        case IPV4_CHECKSUM -> MbufFlags.TX_IP_CKSUM;
                        case TCP_CHECKSUM -> MbufFlags.TX_TCP_CKSUM;
                        case UDP_CHECKSUM -> MbufFlags.TX_UDP_CKSUM;
                        case SCTP_CHECKSUM -> MbufFlags.TX_SCTP_CKSUM;
                        // Segmentation implies both checksums.
                        case TCP_TSO ->
                                MbufFlags.TX_TSO | MbufFlags.TX_TCP_CKSUM | MbufFlags.TX_IP_CKSUM;
                        case MULTI_SEGMENT -> 0;
                        case VLAN_INSERT -> MbufFlags.TX_VLAN;
                        case QINQ_INSERT -> MbufFlags.TX_QINQ;
                    };
        }
        return flags;
    }

    /** No burst is running. */
    void setMtu(int mtu) {
        maxLength = mtu + L2_OVERHEAD;
    }

    /** Whether the packet has a whole header, is not too long and asks only for what it may. */
    boolean wellFormed(Mbuf packet) {
        int length = packet.packetLength();
        return packet.dataLength() >= Ethernet.HEADER_LENGTH
                && (length <= maxLength || packet.has(MbufFlags.TX_TSO))
                && (packet.segments() == 1 || multiSegment)
                && !packet.has(refusedFlags);
    }
}
