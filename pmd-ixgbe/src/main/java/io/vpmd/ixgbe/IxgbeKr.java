// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeKrm.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.EnumSet;
import java.util.Set;

/**
 * The PHY inside an X550EM on a backplane: it negotiates 10GBASE-KR or 1000BASE-KX. What it offers
 * outlasts the driver and is put back as it was found.
 */
final class IxgbeKr implements IxgbeNegotiation {
    private static final int PAUSES = 3;

    private final IxgbeSideband phy;
    private final boolean a;
    private final Set<Mode> modes;
    private Set<Mode> wanted;
    private Set<Mode> found = Set.of();

    IxgbeKr(IxgbeSideband phy, IxgbeChip.Model model) {
        this.phy = phy;
        this.a = model.chip().has(Trait.SIDEBAND_OF_FIRMWARE);
        boolean kx = model.media() == IxgbeChip.Media.KX;
        modes = kx ? Set.of(Mode.FULL_1000) : Set.of(Mode.FULL_1000, Mode.FULL_10000);
        wanted = modes;
    }

    @Override
    public void setUp(String operation, boolean up) {
        Set<Mode> offered = offered(operation);
        if (found.isEmpty()) {
            found = offered;
        }
        if (!up || !offered.equals(wanted)) {
            negotiate(operation, wanted);
        }
    }

    private void negotiate(String operation, Set<Mode> offers) {
        int able =
                (offers.contains(Mode.FULL_10000) ? AN_CAP_KR : 0)
                        | (offers.contains(Mode.FULL_1000) ? AN_CAP_KX : 0);
        phy.change(operation, LINK_CTRL_1, AN_CAP_KR | AN_CAP_KX, AN_ENABLE | able);
        if (a) {
            phy.change(
                    operation,
                    PMD_FLX_MASK_ST20,
                    ST20_SPEED_MASK | ST20_AN37_EN | ST20_SGMII_EN,
                    ST20_SPEED_AN | ST20_AN_EN);
        }
        restart(operation, phy, a);
    }

    /** Of the firmware of an X550EM_a, which follows the PHY, too. */
    static void restart(String operation, IxgbeSideband phy, boolean a) {
        phy.change(operation, LINK_CTRL_1, 0, AN_RESTART);
        if (a) {
            phy.change(operation, PMD_FLX_MASK_ST20, 0, ST20_FW_AN_RESTART);
        }
    }

    @Override
    public Set<Mode> modes() {
        return modes;
    }

    @Override
    public Set<Mode> offered(String operation) {
        int control = phy.read(operation, LINK_CTRL_1);
        Set<Mode> offered = EnumSet.noneOf(Mode.class);
        if ((control & AN_CAP_KX) != 0) {
            offered.add(Mode.FULL_1000);
        }
        if ((control & AN_CAP_KR) != 0) {
            offered.add(Mode.FULL_10000);
        }
        return offered;
    }

    @Override
    public void offer(String operation, Set<Mode> offers) {
        wanted = Set.copyOf(offers);
        negotiate(operation, wanted);
    }

    @Override
    public void offerPause(String operation, boolean receive, boolean send) {
        int pause = PauseSettings.advertisement(receive, send);
        phy.change(operation, AN_CNTL_1, PAUSES << AN_PAUSE_SHIFT, pause << AN_PAUSE_SHIFT);
        restart(operation, phy, a);
    }

    /** An X550EM_x does not tell what its partner offered. */
    @Override
    public int agreedPause(String operation) {
        if (!a || (phy.read(operation, LINK_S1) & MAC_AN_COMPLETE) == 0) {
            return 0;
        }
        return PauseSettings.resolve(
                phy.read(operation, AN_CNTL_1) >> AN_PAUSE_SHIFT,
                phy.read(operation, LP_BASE_PAGE_HIGH) >> LP_PAUSE_SHIFT);
    }

    /** The link is left to whoever else is on the backplane. */
    @Override
    public void shutDown(String operation) {
        if (!found.isEmpty() && !found.equals(wanted)) {
            negotiate(operation, found);
        }
    }
}
