// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.EnumSet;
import java.util.Set;

/** What the driver says of a chip, and which buffers it takes. */
final class IgbCapabilities {
    /** Ethernet header and frame check sequence. */
    static final int FRAME_OVERHEAD = 18;

    /* RLPML holds 14 bits; Ethernet header, VLAN tag and frame check sequence come on top. */
    private static final int MAX_MTU = 9216;
    /* More is slower than copying; the device takes what the ring holds. */
    private static final int MAX_SEGMENTS = 255;
    private static final int LONGEST_BUFFER_KB = 16;
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

    /** The device takes buffers in units of 1024 bytes, 8.10.2. */
    static void checkRoom(String operation, String port, PortConfig config, int mtu) {
        int room = bufferKilobytes(config.rxPool()) * 1024;
        boolean scatter = config.rxOffloads().contains(RxOffload.SCATTER);
        if (room == 0 || (!scatter && mtu + FRAME_OVERHEAD > room)) {
            throw new PortException(
                    operation,
                    port,
                    "a buffer of pool "
                            + config.rxPool().name()
                            + " has room for "
                            + config.rxPool().dataRoom()
                            + " bytes, of which the device uses "
                            + room
                            + ", and MTU "
                            + mtu
                            + " needs "
                            + (mtu + FRAME_OVERHEAD),
                    "make the data room a multiple of 1024 bytes, large enough or with SCATTER");
        }
    }

    static int bufferKilobytes(MbufPool pool) {
        return Math.min(LONGEST_BUFFER_KB, pool.dataRoom() / 1024);
    }
}
