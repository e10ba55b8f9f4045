// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;

/** The management controller of the board, which may share the port with the host. */
final class IgbManagement {
    private final Registers regs;

    IgbManagement(Registers regs) {
        this.regs = regs;
    }

    /** Whether it sends and receives here too: then the link must outlive the driver. */
    boolean sharesPort() {
        return (regs.read(MANC) & MANC_RCV_TCO_EN) != 0
                && (regs.read(FACTPS) & FACTPS_MNGCG) == 0
                && (regs.read(FWSM) & FWSM_MODE_MASK) == FWSM_MODE_PASS_THROUGH;
    }

    /** Whether firmware is busy with the PHY, which is left alone then. */
    boolean keepsPhy() {
        return (regs.read(MANC) & MANC_BLK_PHY_RST) != 0;
    }

    /** Lets the host have what it would keep for itself: ARP, and the ports of remote control. */
    void showAll() {
        if (sharesPort()) {
            regs.change(MANC2H, 0, MANC2H_PORT_623 | MANC2H_PORT_664);
            regs.change(MANC, MANC_ARP_EN, MANC_EN_MNG2HOST);
        }
    }

    /** Lets it answer alone again, for when no driver is there. */
    void giveBack() {
        if (sharesPort()) {
            regs.change(MANC, MANC_EN_MNG2HOST, MANC_ARP_EN);
        }
    }
}
