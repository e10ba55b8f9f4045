// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The chips that can be modelled, and in what they differ. */
public enum IxgbeModelChip {
    E82599_KX4("82599-kx4", 0x10f7, 0xc000_8280, 0x0000_0000);

    /** Vectors of MSI-X. */
    static final int VECTORS = 64;

    static final int QUEUES = 128;

    /** Receive packet buffer in kilobytes. */
    static final int RX_BUFFER_KILOBYTES = 512;

    private static final String KX4_FOR_SHORT = "82599";

    private final String text;
    final int deviceId;
    final int autoc;
    final int autoc2;

    IxgbeModelChip(String text, int deviceId, int autoc, int autoc2) {
        this.text = text;
        this.deviceId = deviceId;
        this.autoc = autoc;
        this.autoc2 = autoc2;
    }

    /** The chip with this name in any case. */
    public static Optional<IxgbeModelChip> named(String name) {
        if (name.equals(KX4_FOR_SHORT)) {
            return Optional.of(E82599_KX4);
        }
        return Arrays.stream(values()).filter(c -> c.text.equalsIgnoreCase(name)).findFirst();
    }

    /** All names, for messages and options. */
    public static String names() {
        return String.join("|", Arrays.stream(values()).map(c -> c.text).toList());
    }

    /** What {@code chip=} takes. */
    String text() {
        return text;
    }

    @Override
    public String toString() {
        return text.toUpperCase(Locale.ROOT);
    }
}
