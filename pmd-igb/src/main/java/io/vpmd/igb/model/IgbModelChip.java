// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The chips that can be modelled, and in what they differ; with copper unless they say so. */
public enum IgbModelChip {
    E82576("82576", 0x10c9, 16, 25, 24, 64, 0x02a8_0391),
    E82576_FIBER("82576-fiber", 0x10e6, 16, 25, 24, 64, 0),
    E82580("82580", 0x150e, 8, 10, 24, 36, 0x0154_03a1),
    I350("i350", 0x1521, 8, 25, 32, 36, 0x0154_03b1),
    I210("i210", 0x1533, 4, 5, 16, 34, 0x0141_0c00),
    I211("i211", 0x1539, 2, 5, 16, 34, 0x0141_0c00);

    private final String text;
    final int deviceId;
    final int queues;
    final int vectors;
    final int unicastAddresses;
    final int rxBufferKilobytes;
    final int phyId;

    IgbModelChip(
            String text,
            int deviceId,
            int queues,
            int vectors,
            int unicastAddresses,
            int rxBufferKilobytes,
            int phyId) {
        this.text = text;
        this.deviceId = deviceId;
        this.queues = queues;
        this.vectors = vectors;
        this.unicastAddresses = unicastAddresses;
        this.rxBufferKilobytes = rxBufferKilobytes;
        this.phyId = phyId;
    }

    /** The chip with this name in any case. */
    public static Optional<IgbModelChip> named(String name) {
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

    /** What RXPBS says of the packet buffer: kilobytes, or 0 for the 36 of the 82580 and I350. */
    int rxBufferCode() {
        return this == E82580 || this == I350 ? 0 : rxBufferKilobytes;
    }

    private boolean is82576() {
        return this == E82576 || this == E82576_FIBER;
    }

    /** Whether it has a cage for an SFP module in place of a PHY. */
    boolean fiber() {
        return this == E82576_FIBER;
    }

    /** From the 82580 on a queue's vectors are beside each other in IVAR, 7.3.1.2 of its sheet. */
    boolean pairedVectors() {
        return !is82576();
    }

    /** In the I350 each port's part of the NVM has a checksum, which the kernel's igb checks. */
    boolean sectionsHaveChecksums() {
        return this == I350;
    }

    /** Bits of RDLEN and TDLEN that keep what is written; the lowest ones mean nothing. */
    int ringLengthBits() {
        return is82576() || this == E82580 ? 0xffff0 : 0xfff80;
    }

    /** Link capabilities and status of PCI Express: generation and lanes. */
    int expressLink() {
        return switch (this) {
            case E82576, E82576_FIBER -> 0x41;
            case E82580, I350 -> 0x42;
            case I210, I211 -> 0x11;
        };
    }

    /** From the 82580 on MDIC has no PHY address: MDICNFG has it. */
    boolean phyAddressInConfig() {
        return !is82576();
    }

    /** I210 and I211 count dropped packets until they are written to, the others until read. */
    boolean dropsStay() {
        return this == I210 || this == I211;
    }

    @Override
    public String toString() {
        return text.toUpperCase(Locale.ROOT);
    }
}
