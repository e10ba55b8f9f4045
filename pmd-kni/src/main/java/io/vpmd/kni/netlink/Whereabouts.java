// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import org.jspecify.annotations.Nullable;

/**
 * Finds an interface again after it left the namespace where it was: what its name and its number
 * in the old namespace cannot tell, its descriptor can.
 */
@FunctionalInterface
public interface Whereabouts {
    /**
     * An interface's place.
     *
     * @param namespace where it is; the receiver of this record closes it
     * @param name its name there
     */
    record Place(NetNamespace namespace, String name) {}

    /** Where the interface is now; null when it was deleted. */
    @Nullable Place find();
}
