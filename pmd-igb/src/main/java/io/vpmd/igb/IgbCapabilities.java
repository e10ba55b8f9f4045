// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;

import java.util.EnumSet;
import java.util.Set;

/** What the driver says of a chip. */
final class IgbCapabilities {
    /* RLPML holds 14 bits; Ethernet header, VLAN tag and frame check sequence come on top. */
    private static final int MAX_MTU = 9216;
    /* More is slower than copying; the device takes what the ring holds. */
    static final int MAX_SEGMENTS = 255;
    private static final Set<RxOffload> RX =
            EnumSet.of(
                    RxOffload.IPV4_CHECKSUM,
                    RxOffload.L4_CHECKSUM,
                    RxOffload.SCTP_CHECKSUM,
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

    private IgbCapabilities() {}

    static PortInfo info(String device, IgbChip chip) {
        return PortInfo.of(IgbDriver.NAME, device, MAX_MTU)
                .withQueues(chip.queues, chip.queues)
                .withTxSegments(MAX_SEGMENTS)
                .withOffloads(RX, TX);
    }
}
