// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.Link;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicLink;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.Optional;

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
    private final Optional<IxgbeNegotiation> phy;

    IxgbeLink(
            Registers regs,
            IxgbeChip.Model model,
            IxgbeMac mac,
            IxgbeSfp sfp,
            Optional<IxgbeNegotiation> phy) {
        this.regs = regs;
        this.chip = model.chip();
        this.media = model.media();
        this.mac = mac;
        this.sfp = sfp;
        this.phy = phy;
    }

    /** Starts the link; one that is up is left alone, but for a module's. */
    void setUp(String operation) {
        boolean up = up(regs.read(LINKS));
        switch (media) {
            case SFP -> sfp.setUp(operation);
            case BACKPLANE -> {
                if (!up) {
                    mac.write(operation, regs.read(AUTOC));
                }
            }
            case COPPER -> negotiate(operation, up);
            case FIRMWARE -> negotiate(operation, up || vetoed());
            case KR, KX, SGMII -> {
                if (!vetoed() && !fixed()) {
                    negotiate(operation, up);
                }
            }
            case CX4, BOARD, FIBER -> {}
        }
    }

    private void negotiate(String operation, boolean up) {
        phy.ifPresent(it -> it.setUp(operation, up));
    }

    /** Whether firmware needs the link as it is. */
    private boolean vetoed() {
        return (regs.read(MMNGC) & MMNGC_MNG_VETO) != 0;
    }

    /** 2.5 Gb/s over a backplane is the board's, and there is nothing to negotiate. */
    private boolean fixed() {
        boolean backplane = media == IxgbeChip.Media.KR || media == IxgbeChip.Media.KX;
        return backplane
                && chip.has(Trait.SIDEBAND_OF_FIRMWARE)
                && (regs.read(NW_MNG_IF_SEL) & NW_MNG_IF_SEL_PHY_SPEED_2_5G) != 0;
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
        boolean negotiated = media == IxgbeChip.Media.BACKPLANE || phy.isPresent();
        return new Link(true, (between ? SPEEDS_BETWEEN : SPEEDS)[code], true, negotiated);
    }

    /** The PHY that makes the link, where there is one beside the MAC. */
    Optional<IxgbeNegotiation> negotiation() {
        return phy;
    }

    /** Offers pause frames to the partner; negotiates anew where there is negotiation. */
    void advertisePause(boolean receive, boolean send) {
        if (media == IxgbeChip.Media.BACKPLANE) {
            int pause = PauseSettings.advertisement(receive, send);
            int rest = regs.read(AUTOC) & ~(3 << AUTOC_PAUSE_SHIFT);
            mac.write("setPause", rest | pause << AUTOC_PAUSE_SHIFT);
        } else {
            phy.ifPresent(it -> it.offerPause("setPause", receive, send));
        }
    }

    /** What both sides agreed on, of {@code PauseSettings.RECEIVE} and {@code SEND}. */
    int agreedPause() {
        if (media == IxgbeChip.Media.BACKPLANE && (regs.read(LINKS) & LINKS_KX_AN_COMP) != 0) {
            return PauseSettings.resolve(
                    regs.read(AUTOC) >> AUTOC_PAUSE_SHIFT, regs.read(ANLP1) >> ANLP1_PAUSE_SHIFT);
        }
        return phy.map(it -> it.agreedPause("link")).orElse(0);
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
        boolean kept = (regs.read(FWSM) & FWSM_MODE_MASK) == FWSM_MODE_PASS_THROUGH || vetoed();
        if (kept) {
            return;
        }
        if (media == IxgbeChip.Media.SFP) {
            sfp.laser(false);
        } else {
            phy.ifPresent(it -> it.shutDown("close"));
        }
    }
}
