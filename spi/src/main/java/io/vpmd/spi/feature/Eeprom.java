// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/** The device's EEPROM, or NVM. Methods throw {@link io.vpmd.spi.PortException}. */
public interface Eeprom {
    /** Bytes. */
    int eepromSize();

    /** What ethtool calls the magic: a number that goes with the device. */
    int eepromMagic();

    /** Reads {@code length} bytes from {@code offset} on. */
    byte[] readEeprom(int offset, int length);
}
