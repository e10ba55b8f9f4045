// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The chips that can be modelled, and in what they differ. */
public enum IxgbeModelChip {
    E82599_KX4("82599-kx4", 0x10f7, 0xc000_8280, 0x0000_0000),
    E82599_SFP("82599-sfp", 0x10fb, 0x0000_6000, 0x0002_0000),
    X540("x540", 0x1528, 0x0000_0000, 0x0000_0000),
    X550("x550", 0x1563, 0x0000_0000, 0x0000_0000),
    /** An X550EM_x on a backplane. */
    X550EM_KR("x550em-kr", 0x15ab, 0x0000_0000, 0x0000_0000);

    /** Vectors of MSI-X. */
    static final int VECTORS = 64;

    static final int QUEUES = 128;

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

    /** Receive packet buffer in kilobytes. */
    int rxBufferKilobytes() {
        return registerLock() ? 384 : 512;
    }

    /** From the X540 on SW_FW_SYNC has a lock of its own, and copper PHYs are on the chip. */
    boolean registerLock() {
        return this == X540 || firmware();
    }

    /** The X550 has firmware for what earlier ones do themselves. */
    boolean firmware() {
        return this == X550 || this == X550EM_KR;
    }

    /** Registers 2 and 3 of the copper PHY. */
    int phyId() {
        return this == X550 ? 0x0154_0223 : 0x0154_0200;
    }

    /** Entries of the redirection table, and bits of a queue's number in it. */
    int redirectionEntries() {
        return firmware() ? 512 : 128;
    }

    int redirectionQueue() {
        return firmware() ? 0x3f : 0xf;
    }

    /** The last word that the checksum of the NVM covers. */
    int lastSummedWord() {
        return firmware() ? 0x41 : 0x3e;
    }

    /** What stands between its MAC and the cable. */
    IxgbeModelMedia media(IxgbeModel model) {
        return switch (this) {
            case E82599_KX4 -> new IxgbeModelSerial(model);
            case E82599_SFP -> new IxgbeModelSfp(model);
            case X550EM_KR -> new IxgbeModelKr(model);
            case X540, X550 -> new IxgbeModelCopper(model);
        };
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
