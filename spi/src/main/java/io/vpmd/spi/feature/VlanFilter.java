// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.Set;

/**
 * VLAN ids whose packets are received when {@code RxOffload.VLAN_FILTER} was requested; packets
 * without a tag always are. The ids survive stop and start. Methods throw {@link
 * io.vpmd.spi.PortException}.
 */
public interface VlanFilter {
    /** The largest VLAN id. */
    int MAX_ID = 4095;

    /** The ids, ascending. */
    Set<Integer> vlans();

    /** Adds an id, 0 to {@link #MAX_ID}. */
    void addVlan(int id);

    /** Removes an id; nothing when it is not there. */
    void removeVlan(int id);

    /** Adds and removes ids until these are the ones. */
    default void setVlans(Set<Integer> ids) {
        Set<Integer> before = Set.copyOf(vlans());
        ids.stream().filter(id -> !before.contains(id)).forEach(this::addVlan);
        before.stream().filter(id -> !ids.contains(id)).forEach(this::removeVlan);
    }
}
