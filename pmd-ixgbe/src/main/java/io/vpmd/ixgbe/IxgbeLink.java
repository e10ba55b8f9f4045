// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.Link;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicLink;
import io.vpmd.spi.hw.nic.PauseSettings;

/** Link set-up of each media, 4.6.4, and the link's state. */
final class IxgbeLink implements NicLink {
    /* By LINKS.LINK_SPEED; 0 is 10 Mbit/s on some of the later chips. */
    private static final int[] SPEEDS = {10, 100, 1_000, 10_000};
    private static final int[] OTHER_SPEEDS = {10, 5_000, 1_000, 2_500};

    private final Registers regs;
    private final IxgbeChip chip;
    private final IxgbeChip.Media media;
    private final IxgbeMac mac;

    IxgbeLink(Registers regs, IxgbeChip.Model model, IxgbeMac mac) {
        this.regs = regs;
        this.chip = model.chip();
        this.media = model.media();
        this.mac = mac;
    }

    /** Starts the link; one that is up is left alone. */
    void setUp(String operation) {
        if (!up(regs.read(LINKS)) && media == IxgbeChip.Media.BACKPLANE) {
            mac.write(operation, regs.read(AUTOC));
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
        boolean other = chip == IxgbeChip.X550 && (links & LINKS_SPEED_OTHER) != 0;
        return new Link(true, (other ? OTHER_SPEEDS : SPEEDS)[code], true, negotiates());
    }

    private boolean negotiates() {
        return media == IxgbeChip.Media.BACKPLANE || media == IxgbeChip.Media.COPPER;
    }

    /** Offers pause frames to the partner; negotiates anew where there is negotiation. */
    void advertisePause(boolean receive, boolean send) {
        if (media == IxgbeChip.Media.BACKPLANE) {
            int pause = PauseSettings.advertisement(receive, send);
            int rest = regs.read(AUTOC) & ~(3 << AUTOC_PAUSE_SHIFT);
            mac.write("setPause", rest | pause << AUTOC_PAUSE_SHIFT);
        }
    }

    /** What both sides agreed on, of {@code PauseSettings.RECEIVE} and {@code SEND}. */
    int agreedPause() {
        if (media == IxgbeChip.Media.BACKPLANE && (regs.read(LINKS) & LINKS_KX_AN_COMP) != 0) {
            return PauseSettings.resolve(
                    regs.read(AUTOC) >> AUTOC_PAUSE_SHIFT, regs.read(ANLP1) >> ANLP1_PAUSE_SHIFT);
        }
        return 0;
    }

    /** Looks after a link that does not come up by itself; every second. */
    void look() {}

    /** Ends the link where that is the driver's to do. */
    void shutDown() {}
}
