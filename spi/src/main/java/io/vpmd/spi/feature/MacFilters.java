// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import io.vpmd.spi.MacAddress;

import java.util.Set;

/**
 * Addresses that a port receives beside its own, without being promiscuous. They survive stop and
 * start. Methods throw {@link io.vpmd.spi.PortException}.
 */
public interface MacFilters {
    /** How many unicast addresses can be added. */
    int maxUnicast();

    /** The unicast addresses that were added. */
    Set<MacAddress> unicast();

    /** Adds a unicast address; one that is there already is not added twice. */
    void addUnicast(MacAddress address);

    /** Removes an address that was added; nothing when it is not there. */
    void removeUnicast(MacAddress address);

    /** The multicast addresses that were set. */
    Set<MacAddress> multicast();

    /**
     * Sets the multicast addresses, in place of those before. A device whose filter is a hash may
     * receive others as well.
     */
    void setMulticast(Set<MacAddress> addresses);
}
