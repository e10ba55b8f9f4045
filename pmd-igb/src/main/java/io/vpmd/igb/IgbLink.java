// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.Link;
import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicLink;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.Set;

/** Link set-up, over a copper PHY as in 4.5.7.1, and the link's state. */
final class IgbLink implements NicLink {
    private static final int PHY_CONTROL = 0;
    private static final int PHY_STATUS = 1;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int CONTROL_POWER_DOWN = 1 << 11;
    private static final int CONTROL_AUTONEG = 1 << 12;
    private static final int STATUS_LINK = 1 << 2;
    private static final int STATUS_AUTONEG_DONE = 1 << 5;
    /* Where registers 4 and 5 have the two bits of pause frames; a page of 1000BASE-X at 7. */
    private static final int PAUSE_SHIFT = 10;
    private static final int PAGE_PAUSE_SHIFT = 7;
    private static final int CONTROL_LOOPBACK_1000 = 0x4140;

    private static final int POWER_UP_MICROS = 300;
    private static final int[] SPEEDS = {10, 100, 1000, 1000};

    private final Registers regs;
    private final IgbPhy phy;
    private final IgbOffer offer;
    private final IgbManagement management;
    private final IgbChip chip;
    private final boolean copper;
    private final IgbPcs pcs;

    IgbLink(Registers regs, IgbChip.Model model, IgbPhy phy, IgbManagement management) {
        this.regs = regs;
        this.phy = phy;
        this.offer = new IgbOffer(phy);
        this.management = management;
        this.chip = model.chip();
        this.copper = model.media() == IgbChip.Media.COPPER;
        this.pcs = new IgbPcs(regs, chip);
    }

    /** Lets the PHY negotiate; one that has done so is left alone. */
    void setUp(String operation) {
        if (chip.has(Trait.PHPM)) {
            // 82580 on: what ended the link at the last close.
            regs.change(PHPM, PHPM_GO_LINK_DISCONNECT, 0);
        }
        if (!copper) {
            pcs.setUp();
            return;
        }
        // The MAC takes speed and duplex from the PHY.
        regs.change(CTRL, CTRL_FRCSPD | CTRL_FRCDPLX, CTRL_SLU);
        int done = STATUS_LINK | STATUS_AUTONEG_DONE;
        if ((phy.read(operation, PHY_STATUS) & done) != done || !up(regs.read(STATUS))) {
            powerUp(operation);
            negotiate(operation);
        }
    }

    /** Undoes what {@link #shutDown} did, or another driver. */
    private void powerUp(String operation) {
        int control = phy.read(operation, PHY_CONTROL);
        if ((control & CONTROL_POWER_DOWN) != 0) {
            phy.write(operation, PHY_CONTROL, control & ~CONTROL_POWER_DOWN);
            Registers.delayMicros(POWER_UP_MICROS);
        }
    }

    private static boolean up(int status) {
        return (status & STATUS_LU) != 0;
    }

    /** What the MAC sees now; down also when the device is gone. */
    @Override
    public Link state() {
        if (!copper) {
            return pcs.state();
        }
        int status = regs.read(STATUS);
        if (!up(status) || status == -1) {
            return Link.DOWN;
        }
        int speed = SPEEDS[(status >>> STATUS_SPEED_SHIFT) & STATUS_SPEED_MASK];
        return new Link(true, speed, (status & STATUS_FD) != 0, true);
    }

    /** Offers pause frames to the partner; negotiates anew. */
    void advertisePause(boolean receive, boolean send) {
        int pause = PauseSettings.advertisement(receive, send);
        if (!copper) {
            regs.change(PCS_ANADV, 3 << PAGE_PAUSE_SHIFT, pause << PAGE_PAUSE_SHIFT);
            regs.change(PCS_LCTL, 0, PCS_LCTL_AN_RESTART);
            return;
        }
        offer.setPause("setPause", pause << PAUSE_SHIFT);
        negotiate("setPause");
    }

    /** Whether speeds are negotiated by a PHY of ours. */
    boolean copper() {
        return copper;
    }

    /** What a link without copper runs at. */
    Mode fixedMode() {
        return pcs.runs2500() ? Mode.FULL_2500 : Mode.FULL_1000;
    }

    /** What the PHY offers. */
    Set<Mode> advertisedModes() {
        return offer.modes("advertisedModes");
    }

    /** Offers these modes; negotiates anew. */
    void advertise(Set<Mode> modes) {
        offer.setModes("advertise", modes);
        negotiate("advertise");
    }

    private void negotiate(String operation) {
        phy.change(operation, PHY_CONTROL, 0, CONTROL_AUTONEG | CONTROL_RESTART);
    }

    /** What both sides agreed on, of {@code PauseSettings.RECEIVE} and {@code SEND}. */
    int agreedPause() {
        return copper
                ? PauseSettings.resolve(
                        offer.own("link") >> PAUSE_SHIFT, offer.partner("link") >> PAUSE_SHIFT)
                : PauseSettings.resolve(
                        regs.read(PCS_ANADV) >> PAGE_PAUSE_SHIFT,
                        regs.read(PCS_LPAB) >> PAGE_PAUSE_SHIFT);
    }

    /** Sends what comes from the MAC back to it, until {@link #setUp} after a reset. */
    void loopBack() {
        if (copper) {
            phy.write("selfTest", PHY_CONTROL, CONTROL_LOOPBACK_1000);
            int forced = CTRL_SLU | CTRL_SPD_1000 | CTRL_FRCSPD | CTRL_FD | CTRL_FRCDPLX;
            regs.change(CTRL, CTRL_SPD_MASK, forced);
        } else {
            regs.change(RCTL, RCTL_LBM_MASK, RCTL_LBM_MAC);
        }
    }

    /** Ends the loop-back of the PHY, which a reset of the MAC does not. */
    void endLoopBack() {
        if (copper) {
            phy.write("selfTest", PHY_CONTROL, CONTROL_AUTONEG | CONTROL_RESTART);
            regs.change(CTRL, CTRL_FRCSPD | CTRL_FRCDPLX, 0);
        } else {
            regs.change(RCTL, RCTL_LBM_MASK, 0);
        }
    }

    /**
     * Ends the link, so that the partner does not send to a port that nobody drives; unless
     * firmware needs it.
     */
    void shutDown() {
        if (copper) {
            offer.restore("close");
        }
        boolean kept = management.keepsPhy();
        if (chip.has(Trait.PHPM) && !kept) {
            regs.change(PHPM, 0, PHPM_GO_LINK_DISCONNECT);
        }
        if (management.sharesPort()) {
            return;
        }
        if (!copper) {
            pcs.shutDown();
        } else if (!kept) {
            phy.change("close", PHY_CONTROL, 0, CONTROL_POWER_DOWN);
        }
    }
}
