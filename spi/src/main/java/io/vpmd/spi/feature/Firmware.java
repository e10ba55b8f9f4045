// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/** The version of what is in the device's NVM. */
public interface Firmware {
    /**
     * As the Linux driver of the device shows it in {@code ethtool -i}.
     *
     * @throws io.vpmd.spi.PortException when it cannot be read
     */
    String firmwareVersion();
}
