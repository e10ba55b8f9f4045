// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What the copper PHY of an X540 or X550 offers to its partner, in its auto-negotiation device. A
 * reset of the MAC leaves it, and so would the end of the driver: it is put back as it was found.
 */
final class IxgbeCopper implements IxgbeNegotiation {
    private static final int DEVICE = 7 << 16;
    private static final int CONTROL = DEVICE;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int CONTROL_ENABLE = 1 << 12;
    private static final int ADVERTISEMENT = DEVICE | 0x10;
    private static final int PARTNER = DEVICE | 0x13;
    private static final int TEN_GIGABIT = DEVICE | 0x20;
    /* Of this maker. */
    private static final int PROVISIONING = DEVICE | 0xc400;
    private static final int POWER = 0x1e << 16;
    private static final int POWER_LOW = 1 << 11;
    private static final int PAUSE_SHIFT = 10;

    /* Register and bit of each mode. */
    private static final Map<Mode, int[]> MODES =
            Map.of(
                    Mode.FULL_100, new int[] {ADVERTISEMENT, 1 << 8},
                    Mode.FULL_1000, new int[] {PROVISIONING, 1 << 15},
                    Mode.FULL_2500, new int[] {PROVISIONING, 1 << 10},
                    Mode.FULL_5000, new int[] {PROVISIONING, 1 << 11},
                    Mode.FULL_10000, new int[] {TEN_GIGABIT, 1 << 12});
    private static final Set<Mode> BETWEEN = EnumSet.of(Mode.FULL_2500, Mode.FULL_5000);

    private final IxgbePhy phy;
    private final Map<Mode, int[]> modes = new EnumMap<>(MODES);
    private Set<Mode> found = Set.of();
    private boolean changed;

    IxgbeCopper(IxgbePhy phy, IxgbeChip chip) {
        this.phy = phy;
        if (!chip.has(Trait.SPEEDS_BETWEEN)) {
            modes.keySet().removeAll(BETWEEN);
        }
    }

    /** Powers the PHY and lets it negotiate; a link that is there is left alone. */
    @Override
    public void setUp(String operation, boolean up) {
        phy.find(operation);
        boolean asleep = (phy.read(operation, POWER) & POWER_LOW) != 0;
        if (asleep) {
            phy.change(operation, POWER, POWER_LOW, 0);
        }
        if (!up || asleep) {
            negotiate(operation);
        }
    }

    private void negotiate(String operation) {
        phy.change(operation, CONTROL, 0, CONTROL_ENABLE | CONTROL_RESTART);
    }

    @Override
    public Set<Mode> modes() {
        return EnumSet.copyOf(modes.keySet());
    }

    @Override
    public Set<Mode> offered(String operation) {
        Set<Mode> offered = EnumSet.noneOf(Mode.class);
        modes.forEach(
                (mode, at) -> {
                    if ((phy.read(operation, at[0]) & at[1]) != 0) {
                        offered.add(mode);
                    }
                });
        return offered;
    }

    /** Offers modes; negotiates anew. */
    @Override
    public void offer(String operation, Set<Mode> wanted) {
        if (!changed) {
            found = offered(operation);
            changed = true;
        }
        modes.forEach(
                (mode, at) ->
                        phy.change(operation, at[0], at[1], wanted.contains(mode) ? at[1] : 0));
        negotiate(operation);
    }

    /** Offers pause frames; negotiates anew. */
    @Override
    public void offerPause(String operation, boolean receive, boolean send) {
        int pause = PauseSettings.advertisement(receive, send);
        phy.change(operation, ADVERTISEMENT, 3 << PAUSE_SHIFT, pause << PAUSE_SHIFT);
        negotiate(operation);
    }

    @Override
    public int agreedPause(String operation) {
        return PauseSettings.resolve(
                phy.read(operation, ADVERTISEMENT) >> PAUSE_SHIFT,
                phy.read(operation, PARTNER) >> PAUSE_SHIFT);
    }

    /** Offers again what was found before the first change, and ends the link. */
    @Override
    public void shutDown(String operation) {
        if (changed) {
            offer(operation, found);
        }
        phy.change(operation, POWER, 0, POWER_LOW);
    }
}
