// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

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
    record Place(NetNamespace namespace, String name) {
        /** In a namespace that is closed when asking for the name fails. */
        public static Place of(NetNamespace namespace, Supplier<String> name) {
            try {
                return new Place(namespace, name.get());
            } catch (RuntimeException e) {
                namespace.close();
                throw e;
            }
        }
    }

    /** Where the interface is now; null when it was deleted. */
    @Nullable Place find();
}
