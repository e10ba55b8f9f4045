// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

/** Hears of each access of a client to the registers and the configuration space of a device. */
@FunctionalInterface
public interface AccessListener {
    /** Hears nothing. */
    AccessListener NONE = (write, region, offset, bytes, value) -> {};

    /**
     * Called on the server's thread after the access.
     *
     * @param region 0 to 5 for a BAR, 7 for the configuration space
     * @param offset bytes from the start of the region
     * @param bytes 1, 2 or 4
     * @param value what was read or written, in its low bytes
     */
    void access(boolean write, int region, int offset, int bytes, int value);
}
