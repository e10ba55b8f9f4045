// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.BufferRoom;

import java.util.Set;

/** Which packets are received, 7.1.1, and what is done to them. */
final class IxgbeFilters {
    private final Registers regs;

    IxgbeFilters(Registers regs) {
        this.regs = regs;
    }

    void setPromiscuous(boolean promiscuous, boolean allmulticast) {
        regs.change(
                FCTRL,
                FCTRL_UPE | FCTRL_MPE,
                (promiscuous ? FCTRL_UPE : 0) | (promiscuous || allmulticast ? FCTRL_MPE : 0));
    }

    /** Frames that are longer are dropped and counted. */
    void setMtu(int mtu) {
        // The MAC allows for tags itself.
        int longest = mtu + BufferRoom.FRAME_OVERHEAD;
        regs.change(MAXFRS, -1 << MAXFRS_SHIFT, longest << MAXFRS_SHIFT);
        // Long packets are always on: MAXFRS alone says what is too long.
        regs.change(HLREG0, 0, HLREG0_JUMBOEN);
    }

    /** All that holds while packets flow; reception itself is switched on by the port. */
    void apply(PortConfig config) {
        Set<RxOffload> rx = config.rxOffloads();
        boolean keepCrc = rx.contains(RxOffload.KEEP_CRC);
        // The two that strip must agree, and RSCFRSTSIZE is to be 0, 8.2.3.8.8.
        regs.change(
                HLREG0,
                HLREG0_RXCRCSTRP | HLREG0_RXLNGTHERREN,
                HLREG0_TXCRCEN | HLREG0_TXPADEN | (keepCrc ? 0 : HLREG0_RXCRCSTRP));
        regs.change(
                RDRXCTL, RDRXCTL_CRCSTRIP | RDRXCTL_RSCFRSTSIZE, keepCrc ? 0 : RDRXCTL_CRCSTRIP);
        regs.change(FCTRL, 0, FCTRL_BAM);
        regs.change(MCSTCTRL, 3, MCSTCTRL_MFE);
        boolean filter = rx.contains(RxOffload.VLAN_FILTER);
        regs.change(VLNCTRL, VLNCTRL_VFE | VLNCTRL_CFIEN, filter ? VLNCTRL_VFE : 0);
        regs.change(RFCTL, 0, RFCTL_NFS_DIS);
        boolean sums =
                rx.contains(RxOffload.IPV4_CHECKSUM)
                        || rx.contains(RxOffload.L4_CHECKSUM)
                        || rx.contains(RxOffload.SCTP_CHECKSUM);
        // PCSD: the descriptor has the hash in place of a checksum over the whole packet.
        regs.change(RXCSUM, RXCSUM_IPPCSE, RXCSUM_PCSD | (sums ? RXCSUM_IPPCSE : 0));
        regs.change(DMATXCTL, 0, DMATXCTL_TE);
    }
}
