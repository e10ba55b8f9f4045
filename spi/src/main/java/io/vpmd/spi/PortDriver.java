// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.List;

/**
 * A driver, found by ServiceLoader under its name. Its class is public and has a public constructor
 * without parameters; one instance serves the process.
 */
public interface PortDriver {
    /** Short and unique, for example {@code net_ring}: letters, digits and underscores. */
    String name();

    /** One line for {@code vpmd ports}. */
    String description();

    /** The keys its specs may have. */
    List<PortOption> options();

    /** Devices that are there for {@link #open}; empty for drivers that make theirs. */
    default List<DeviceInfo> probe() {
        return List.of();
    }

    /**
     * Opens the port that {@code spec} names. Its keys have been checked against {@link #options}.
     * Called by {@link Ports#open}, which applications use.
     *
     * @throws SpecException when the device or a value is malformed
     * @throws PortException when it cannot be opened; nothing is left behind then
     */
    AbstractPort open(PortSpec spec);
}
