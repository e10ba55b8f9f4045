// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeKrm.*;

import io.vpmd.spi.feature.LinkSpeeds.Mode;

import java.util.Set;

/** The PHY inside an X550EM_a as one end of SGMII to a PHY outside that needs no driver. */
final class IxgbeSgmii implements IxgbeNegotiation {
    private final IxgbeSideband phy;

    IxgbeSgmii(IxgbeSideband phy) {
        this.phy = phy;
    }

    @Override
    public void setUp(String operation, boolean up) {
        if (!up) {
            connect(operation, true);
        }
    }

    /**
     * Negotiates by clause 37.
     *
     * @param fixed for 1 Gb/s, or else for the speed that the PHY outside tells
     */
    void connect(String operation, boolean fixed) {
        phy.change(
                operation,
                LINK_CTRL_1,
                AN_ENABLE | FORCE_SPEED_MASK,
                AN_SGMII_EN | AN_CLAUSE_37_EN | (fixed ? FORCE_SPEED_1G : 0));
        int slow = MAC_TAR_FORCE_10_D | MAC_TAR_FORCE_100_D;
        phy.change(operation, SGMII_CTRL, fixed ? 0 : slow, fixed ? slow : 0);
        phy.change(
                operation,
                PMD_FLX_MASK_ST20,
                ST20_SPEED_MASK | ST20_AN_EN,
                (fixed ? ST20_SPEED_1G : ST20_SPEED_AN) | ST20_SGMII_EN | ST20_AN37_EN);
        IxgbeKr.restart(operation, phy, true);
    }

    @Override
    public Set<Mode> modes() {
        return Set.of(Mode.FULL_1000);
    }

    @Override
    public Set<Mode> offered(String operation) {
        return modes();
    }

    /** There is one mode to offer. */
    @Override
    public void offer(String operation, Set<Mode> modes) {
        connect(operation, true);
    }

    /** SGMII has no pause frames to offer: those of the PHY outside are its own. */
    @Override
    public void offerPause(String operation, boolean receive, boolean send) {}

    @Override
    public int agreedPause(String operation) {
        return 0;
    }

    @Override
    public void shutDown(String operation) {}
}
