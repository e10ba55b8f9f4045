// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.Link;
import io.vpmd.spi.hw.Registers;

/**
 * Links without a copper PHY of the chip's own: fibre, SerDes, SGMII and backplanes, which go
 * through the physical coding sublayer.
 */
final class IgbPcs {
    private static final int STATUS_2500 = 1 << 12;
    private static final int STATUS_2500_OVERRIDDEN = 1 << 13;
    private static final int LASER_MICROS = 1_000;
    private static final int[] SPEEDS = {10, 100, 1000, 1000};

    private final Registers regs;
    private final IgbChip chip;

    IgbPcs(Registers regs, IgbChip chip) {
        this.regs = regs;
        this.chip = chip;
    }

    /** Powers the sublayer and the laser, and negotiates where the link mode has that. */
    void setUp() {
        // The loop-back of the self-test outlasts a reset.
        regs.write(SCTL, SCTL_NO_LOOPBACK);
        regs.change(PCS_CFG0, 0, PCS_CFG0_PCS_EN);
        regs.change(CTRL_EXT, CTRL_EXT_SDP3_DATA, 0);
        regs.read(STATUS);
        Registers.delayMicros(LASER_MICROS);
        int pins = chip.has(Trait.PINS_FOR_OPTICS) ? CTRL_SWDPINS : 0;
        int mode = regs.read(CTRL_EXT) & CTRL_EXT_LINK_MODE_MASK;
        int clear =
                PCS_LCTL_AN_ENABLE
                        | PCS_LCTL_FLV_LINK_UP
                        | PCS_LCTL_FSD
                        | PCS_LCTL_FORCE_LINK
                        | PCS_LCTL_AN_TIMEOUT;
        if (mode == CTRL_EXT_LINK_MODE_KX) {
            // 1000BASE-KX knows one speed.
            force();
            int forced = PCS_LCTL_FSV_1000 | PCS_LCTL_FDV_FULL | PCS_LCTL_FSD;
            regs.change(PCS_LCTL, clear, forced | PCS_LCTL_FORCE_FCTRL);
        } else if (mode == CTRL_EXT_LINK_MODE_SGMII) {
            // The PHY at the other end of the lane says speed and duplex.
            regs.change(CTRL, CTRL_FRCSPD | CTRL_FRCDPLX, CTRL_SLU | pins);
            regs.change(PCS_LCTL, clear, PCS_LCTL_AN_ENABLE | PCS_LCTL_AN_RESTART);
        } else {
            force();
            regs.change(CTRL, 0, pins);
            int wanted = PCS_LCTL_FSV_1000 | PCS_LCTL_FDV_FULL;
            wanted |= PCS_LCTL_AN_ENABLE | PCS_LCTL_AN_RESTART;
            regs.change(PCS_LCTL, clear | PCS_LCTL_FORCE_FCTRL, wanted);
        }
    }

    private void force() {
        int forced = CTRL_SLU | CTRL_SPD_1000 | CTRL_FRCSPD | CTRL_FD | CTRL_FRCDPLX;
        regs.change(CTRL, CTRL_SPD_MASK, forced);
    }

    /** STATUS does not tell the truth on such links; this does. */
    Link state() {
        int status = regs.read(PCS_LSTAT);
        int up = PCS_LSTAT_LINK_OK | PCS_LSTAT_SYNC_OK;
        if (status == -1 || (status & up) != up) {
            return Link.DOWN;
        }
        int speed = SPEEDS[(status >>> PCS_LSTAT_SPEED_SHIFT) & 3];
        if (runs2500()) {
            return new Link(true, 2500, true, true);
        }
        return new Link(true, speed, (status & PCS_LSTAT_DUPLEX_FULL) != 0, true);
    }

    /** Whether the board has the backplane of an I354 run at 2500 Mbit/s. */
    boolean runs2500() {
        int strap = regs.read(STATUS) & (STATUS_2500 | STATUS_2500_OVERRIDDEN);
        return chip.has(Trait.RUNS_2500) && strap == STATUS_2500;
    }

    /** Switches laser and sublayer off. */
    void shutDown() {
        regs.change(PCS_CFG0, PCS_CFG0_PCS_EN, 0);
        regs.change(CTRL_EXT, 0, CTRL_EXT_SDP3_DATA);
    }
}
