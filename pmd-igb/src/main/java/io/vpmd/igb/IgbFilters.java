// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.BufferRoom;

import java.util.Set;

/** Which packets are received, 7.1.2, and what is done to them. */
final class IgbFilters {
    /* RLPML counts it, unlike MAXFRS of later families. */
    private static final int VLAN_TAG = 4;

    private final Registers regs;
    private final IgbChip chip;

    IgbFilters(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.chip = chip;
    }

    void setPromiscuous(boolean promiscuous, boolean allmulticast) {
        regs.change(
                RCTL,
                RCTL_UPE | RCTL_MPE,
                (promiscuous ? RCTL_UPE : 0) | (promiscuous || allmulticast ? RCTL_MPE : 0));
    }

    /** Frames that are longer are dropped and counted. */
    void setMtu(int mtu) {
        regs.write(RLPML, mtu + BufferRoom.FRAME_OVERHEAD + VLAN_TAG);
    }

    /** All that holds while packets flow; reception itself is switched on by the port. */
    void apply(PortConfig config) {
        Set<RxOffload> rx = config.rxOffloads();
        boolean keepCrc = rx.contains(RxOffload.KEEP_CRC);
        boolean strip = rx.contains(RxOffload.VLAN_STRIP);
        regs.change(CTRL, CTRL_VME, strip ? CTRL_VME : 0);
        // Long packets are always on: RLPML alone says what is too long.
        boolean filter = rx.contains(RxOffload.VLAN_FILTER);
        regs.change(
                RCTL,
                RCTL_VFE | RCTL_SECRC,
                RCTL_BAM | RCTL_LPE | (keepCrc ? 0 : RCTL_SECRC) | (filter ? RCTL_VFE : 0));
        boolean l4 = rx.contains(RxOffload.L4_CHECKSUM);
        boolean sctp = rx.contains(RxOffload.SCTP_CHECKSUM);
        // PCSD: the descriptor has the hash in place of a checksum over the whole packet.
        regs.write(
                RXCSUM,
                RXCSUM_PCSD
                        | (rx.contains(RxOffload.IPV4_CHECKSUM) ? RXCSUM_IPOFLD : 0)
                        | (l4 || sctp ? RXCSUM_TUOFLD : 0)
                        | (sctp ? RXCSUM_CRCOFLD : 0));
        if (perQueueOffloads()) {
            for (int q = 0; q < config.rxQueues(); q++) {
                // I350 on: the strip bits of RCTL and CTRL hold for queues that agree.
                regs.change(
                        DVMOLR,
                        q,
                        DVMOLR_STRCRC | DVMOLR_STRVLAN,
                        (keepCrc ? 0 : DVMOLR_STRCRC) | (strip ? DVMOLR_STRVLAN : 0));
            }
        }
    }

    private boolean perQueueOffloads() {
        return chip.has(Trait.DVMOLR);
    }
}
