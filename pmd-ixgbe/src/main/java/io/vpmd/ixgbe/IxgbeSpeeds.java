// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.SpeedSettings;

import java.util.Set;

/**
 * Speeds: a PHY beside the MAC negotiates any of its modes; what a backplane of an 82599, a module
 * or a board does is theirs.
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
        return link.negotiation().map(IxgbeNegotiation::modes).orElse(FIXED);
    }

    @Override
    protected boolean negotiates() {
        return link.negotiation().isPresent();
    }

    @Override
    protected Set<Mode> offered() {
        return link.negotiation().map(phy -> phy.offered("advertisedModes")).orElse(FIXED);
    }

    @Override
    protected void offer(Set<Mode> modes) {
        link.negotiation().ifPresent(phy -> phy.offer("advertise", modes));
    }
}
