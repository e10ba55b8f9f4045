// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/**
 * The memory of the pluggable module in a port's cage. Reading it takes up to some hundred
 * milliseconds and does not disturb the traffic. Methods throw {@link io.vpmd.spi.PortException},
 * also when there is no module in the cage.
 */
public interface ModuleEeprom {
    /** How the memory is laid out, by the standard that says so. */
    enum Layout {
        /** What an SFP module is: 256 bytes, at its I2C address A0h. */
        SFF_8079(256),
        /** The same, and from byte 256 on what it measures: 256 bytes more, at its address A2h. */
        SFF_8472(512);

        private final int bytes;

        Layout(int bytes) {
            this.bytes = bytes;
        }

        /** How many bytes there are. */
        public int bytes() {
            return bytes;
        }
    }

    /** The layout of the module that is in the cage now. */
    Layout moduleLayout();

    /** Reads {@code length} bytes from {@code offset} on, as {@code ethtool -m} shows them. */
    byte[] readModuleEeprom(int offset, int length);
}
