// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.SpeedSettings;

import java.util.EnumSet;
import java.util.Set;

/** Speeds: a copper PHY negotiates any of five modes, every other link has the one that it has. */
final class IgbSpeeds extends SpeedSettings {
    private static final Set<Mode> COPPER = Set.copyOf(EnumSet.range(Mode.HALF_10, Mode.FULL_1000));

    private final IgbLink link;

    IgbSpeeds(NicPort port, IgbLink link) {
        super(port);
        this.link = link;
    }

    @Override
    public Set<Mode> supportedModes() {
        return link.copper() ? COPPER : Set.of(link.fixedMode());
    }

    @Override
    protected boolean negotiates() {
        return link.copper();
    }

    @Override
    protected Set<Mode> offered() {
        return link.advertisedModes();
    }

    @Override
    protected void offer(Set<Mode> modes) {
        link.advertise(modes);
    }
}
