// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.LinkSpeeds;

import java.util.EnumSet;
import java.util.Set;

/** Speeds: a copper PHY negotiates some of its modes, every other link has those that it has. */
public abstract class SpeedSettings implements LinkSpeeds {
    private final NicPort port;

    protected SpeedSettings(NicPort port) {
        this.port = port;
    }

    /** Whether the modes that are offered can be changed. */
    protected abstract boolean negotiates();

    /** What the PHY offers, where it negotiates. */
    protected abstract Set<Mode> offered();

    /** Offers these modes; negotiates anew. */
    protected abstract void offer(Set<Mode> modes);

    @Override
    public final Set<Mode> advertisedModes() {
        return port.query("advertisedModes", () -> negotiates() ? offered() : supportedModes());
    }

    @Override
    public final void advertise(Set<Mode> modes) {
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
                    if (negotiates()) {
                        offer(modes);
                    }
                });
    }
}
