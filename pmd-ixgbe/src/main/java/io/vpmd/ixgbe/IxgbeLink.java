// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.Link;
import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicLink;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.Set;

/** Link set-up of each media, 4.6.4, and the link's state. */
final class IxgbeLink implements NicLink {
    /* By LINKS.LINK_SPEED; those between, of the X550, have another bit set. */
    private static final int[] SPEEDS = {10, 100, 1_000, 10_000};
    private static final int[] SPEEDS_BETWEEN = {10, 5_000, 1_000, 2_500};

    private final Registers regs;
    private final IxgbeChip chip;
    private final IxgbeChip.Media media;
    private final IxgbeMac mac;
    private final IxgbeSfp sfp;
    private final IxgbeCopper copper;

    IxgbeLink(
            Registers regs, IxgbeChip.Model model, IxgbeMac mac, IxgbeSfp sfp, IxgbeCopper copper) {
        this.regs = regs;
        this.chip = model.chip();
        this.media = model.media();
        this.mac = mac;
        this.sfp = sfp;
        this.copper = copper;
    }

    /** Starts the link; one that is up is left alone, but for a module's. */
    void setUp(String operation) {
        boolean up = up(regs.read(LINKS));
        switch (media) {
            case SFP -> sfp.setUp(operation);
            case COPPER -> copper.setUp(operation, up);
            case BACKPLANE -> {
                if (!up) {
                    mac.write(operation, regs.read(AUTOC));
                }
            }
            case CX4, FIBER -> {}
        }
    }

    private static boolean up(int links) {
        return (links & LINKS_UP) != 0 && links != -1;
    }

    @Override
    public Link state() {
        // The first read tells what was since the last one.
        regs.read(LINKS);
        int links = regs.read(LINKS);
        if (!up(links)) {
            return Link.DOWN;
        }
        int code = (links >>> LINKS_SPEED_SHIFT) & LINKS_SPEED_MASK;
        boolean between = chip.has(Trait.SPEEDS_BETWEEN) && (links & LINKS_SPEED_BETWEEN) != 0;
        boolean negotiated = media == IxgbeChip.Media.BACKPLANE || media == IxgbeChip.Media.COPPER;
        return new Link(true, (between ? SPEEDS_BETWEEN : SPEEDS)[code], true, negotiated);
    }

    /** Whether speeds are negotiated by a PHY. */
    boolean copper() {
        return media == IxgbeChip.Media.COPPER;
    }

    /** What a copper PHY can offer. */
    Set<Mode> copperModes() {
        return copper.modes();
    }

    /** What the PHY offers. */
    Set<Mode> advertisedModes() {
        return copper.offered("advertisedModes");
    }

    /** Offers these modes; negotiates anew. */
    void advertise(Set<Mode> modes) {
        copper.offer("advertise", modes);
    }

    /** Offers pause frames to the partner; negotiates anew where there is negotiation. */
    void advertisePause(boolean receive, boolean send) {
        if (media == IxgbeChip.Media.BACKPLANE) {
            int pause = PauseSettings.advertisement(receive, send);
            int rest = regs.read(AUTOC) & ~(3 << AUTOC_PAUSE_SHIFT);
            mac.write("setPause", rest | pause << AUTOC_PAUSE_SHIFT);
        } else if (copper()) {
            copper.offerPause("setPause", receive, send);
        }
    }

    /** What both sides agreed on, of {@code PauseSettings.RECEIVE} and {@code SEND}. */
    int agreedPause() {
        if (media == IxgbeChip.Media.BACKPLANE && (regs.read(LINKS) & LINKS_KX_AN_COMP) != 0) {
            return PauseSettings.resolve(
                    regs.read(AUTOC) >> AUTOC_PAUSE_SHIFT, regs.read(ANLP1) >> ANLP1_PAUSE_SHIFT);
        }
        return copper() ? copper.agreedPause("link") : 0;
    }

    /** Looks after a link that does not come up by itself; every second. */
    void look() {
        if (media == IxgbeChip.Media.SFP && !up(regs.read(LINKS))) {
            sfp.look("link");
        }
    }

    /**
     * Ends the link where that is the driver's to do, so that the partner does not send to a port
     * that nobody drives; unless firmware needs it.
     */
    void shutDown() {
        boolean kept =
                (regs.read(FWSM) & FWSM_MODE_MASK) == FWSM_MODE_PASS_THROUGH
                        || (regs.read(MMNGC) & MMNGC_MNG_VETO) != 0;
        if (kept) {
            return;
        }
        if (media == IxgbeChip.Media.SFP) {
            sfp.laser(false);
        } else if (copper()) {
            copper.shutDown("close");
        }
    }
}
