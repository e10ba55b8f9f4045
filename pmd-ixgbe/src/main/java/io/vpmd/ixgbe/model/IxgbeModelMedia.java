// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

/** What stands between the MAC and the cable. */
interface IxgbeModelMedia {
    /** Whether signals could pass, so that the MAC may look for a link. */
    boolean ready();

    /** The speed as LINKS has it, 0 for none that both ends have. */
    int speedBits();

    /** Whether there is a cable whose other end is ready. */
    default void setCable(boolean in) {}

    /**
     * Changes the module in the cage.
     *
     * @return false where there is no cage
     */
    default boolean setModule(IxgbeModelModule module) {
        return false;
    }
}
