// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;

import java.util.EnumSet;
import java.util.Set;

/** What the driver says of a chip. */
final class IxgbeCapabilities {
    /* MAXFRS allows for 15.5 KB; what is longer than this neighbours do not take. */
    private static final int MAX_MTU = 9710;
    /* 7.2.3.2.4: a packet has at most 40 descriptors, one of which may be its context. */
    static final int MAX_SEGMENTS = 39;
    private static final Set<RxOffload> RX =
            EnumSet.of(
                    RxOffload.IPV4_CHECKSUM,
                    RxOffload.L4_CHECKSUM,
                    RxOffload.SCTP_CHECKSUM,
                    RxOffload.TCP_LRO,
                    RxOffload.SCATTER,
                    RxOffload.VLAN_STRIP,
                    RxOffload.VLAN_FILTER,
                    RxOffload.RSS_HASH);
    private static final Set<TxOffload> TX =
            EnumSet.of(
                    TxOffload.IPV4_CHECKSUM,
                    TxOffload.TCP_CHECKSUM,
                    TxOffload.UDP_CHECKSUM,
                    TxOffload.SCTP_CHECKSUM,
                    TxOffload.TCP_TSO,
                    TxOffload.MULTI_SEGMENT,
                    TxOffload.VLAN_INSERT,
                    TxOffload.TIMESTAMP);

    private IxgbeCapabilities() {}

    static PortInfo info(String device) {
        return PortInfo.of(IxgbeDriver.NAME, device, MAX_MTU)
                .withQueues(IxgbeChip.QUEUES, IxgbeChip.QUEUES)
                .withTxSegments(MAX_SEGMENTS)
                .withOffloads(RX, TX);
    }
}
