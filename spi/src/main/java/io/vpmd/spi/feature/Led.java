// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/** Lights with which a port is found in a rack. */
public interface Led {
    /**
     * Makes the port's lights blink, or show again what they are for.
     *
     * @throws io.vpmd.spi.PortException when the device is gone
     */
    void identify(boolean on);
}
