// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.SpeedSettings;

import java.util.Set;

/**
 * Speeds: a copper PHY negotiates any of three modes, that of an X550 of five; what a backplane or
 * a module does is theirs.
 */
final class IxgbeSpeeds extends SpeedSettings {
    private static final Set<Mode> FIXED = Set.of(Mode.FULL_1000, Mode.FULL_10000);

    private final IxgbeLink link;

    IxgbeSpeeds(NicPort port, IxgbeLink link) {
        super(port);
        this.link = link;
    }

    @Override
    public Set<Mode> supportedModes() {
        return link.copper() ? link.copperModes() : FIXED;
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
