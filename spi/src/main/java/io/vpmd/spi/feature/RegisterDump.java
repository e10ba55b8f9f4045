// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.Map;

/**
 * The device's registers. Reading them changes nothing: no register that a read clears is among
 * them, counters come from the port's sums. Methods throw {@link io.vpmd.spi.PortException}.
 */
public interface RegisterDump {
    /** Name of the Linux driver whose format {@link #dump} has, for example {@code igb}. */
    String format();

    /** Version of the format, which ethtool wants in {@code ethtool_regs.version}. */
    int version();

    /**
     * The registers as {@code ethtool -d DEVICE raw on} writes them, little-endian words: {@code
     * ethtool -d DEVICE file FILE} decodes them, where DEVICE belongs to the same Linux driver.
     */
    byte[] dump();

    /** The registers that the driver knows, by their names in the data sheet. */
    Map<String, Integer> registers();
}
