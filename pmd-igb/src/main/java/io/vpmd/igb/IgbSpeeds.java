// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.LinkSpeeds;

import java.util.EnumSet;
import java.util.Set;

/** Speeds: a copper PHY negotiates any of five modes, every other link has the one that it has. */
final class IgbSpeeds implements LinkSpeeds {
    private static final Set<Mode> COPPER = Set.copyOf(EnumSet.range(Mode.HALF_10, Mode.FULL_1000));

    private final IgbPort port;
    private final IgbLink link;

    IgbSpeeds(IgbPort port, IgbLink link) {
        this.port = port;
        this.link = link;
    }

    @Override
    public Set<Mode> supportedModes() {
        return link.copper() ? COPPER : Set.of(link.fixedMode());
    }

    @Override
    public Set<Mode> advertisedModes() {
        return port.query(
                "advertisedModes",
                () -> link.copper() ? link.advertisedModes() : Set.of(link.fixedMode()));
    }

    @Override
    public void advertise(Set<Mode> modes) {
        port.control(
                "advertise",
                () -> {
                    Set<Mode> able = supportedModes();
                    if (modes.isEmpty() || !able.containsAll(modes)) {
                        throw new PortException(
                                "advertise",
                                port.name(),
                                modes + " are not some of its modes",
                                "pass some of " + EnumSet.copyOf(able));
                    }
                    if (link.copper()) {
                        link.advertise(modes);
                    }
                });
    }
}
