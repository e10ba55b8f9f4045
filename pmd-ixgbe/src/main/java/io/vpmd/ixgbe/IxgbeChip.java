// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The members of the family, and in what they differ. */
enum IxgbeChip {
    E82599(
            "82599",
            16,
            2,
            512,
            EnumSet.of(Trait.AUTOC, Trait.TRANSACTIONS_PENDING, Trait.ZERO_UDP_CHECKSUM_ERROR),
            "10f7 backplane, 1514 backplane, 1517 backplane, 10f8 backplane, 10f9 cx4, 10fb sfp"
                    + ", 152a backplane, 1529 sfp, 1507 sfp, 154d sfp, 154a sfp, 1557 sfp"
                    + ", 10fc backplane, 154f fiber"),
    X540(
            "X540",
            16,
            3,
            384,
            EnumSet.of(Trait.TRANSACTIONS_PENDING, Trait.REGSMP, Trait.WIDE_TIMINCA),
            "1528 copper, 1560 copper"),
    X550(
            "X550",
            64,
            4,
            384,
            EnumSet.of(
                    Trait.REGSMP,
                    Trait.FIRMWARE_COMMANDS,
                    Trait.ERETA,
                    Trait.SPEEDS_BETWEEN,
                    Trait.NO_LINE_STATUS,
                    Trait.SECONDS_IN_SYSTIM),
            "1563 copper, 15d1 copper"),
    /* Its clock has a tick that depends on the board, so that it has no time to offer. */
    X550EM_X(
            "X550EM_x",
            64,
            5,
            384,
            EnumSet.of(
                    Trait.REGSMP,
                    Trait.FIRMWARE_COMMANDS,
                    Trait.ERETA,
                    Trait.SPEEDS_BETWEEN,
                    Trait.NO_LINE_STATUS,
                    Trait.NO_TIME),
            "15aa board, 15ab kr, 15ae board, 15b0 board"),
    X550EM_A(
            "X550EM_a",
            64,
            6,
            384,
            EnumSet.of(
                    Trait.REGSMP,
                    Trait.FIRMWARE_COMMANDS,
                    Trait.ERETA,
                    Trait.SPEEDS_BETWEEN,
                    Trait.NO_LINE_STATUS,
                    Trait.SECONDS_IN_SYSTIM,
                    Trait.SIDEBAND_OF_FIRMWARE),
            "15c2 kr, 15c3 kx, 15c6 sgmii, 15c7 sgmii, 15e4 firmware, 15e5 firmware");

    static final int VENDOR = 0x8086;

    /** Queues that the driver uses, which is what there are without virtualization. */
    static final int QUEUES = 64;

    static final int UNICAST_ADDRESSES = 128;

    /** What the MAC talks to. */
    enum Media {
        BACKPLANE,
        CX4,
        /** What the board has, which needs no driver. */
        BOARD,
        COPPER,
        /** A backplane of an X550EM, by the PHY inside. */
        KR,
        /** The same with 1 Gb/s only. */
        KX,
        /** A PHY outside that needs no driver, by the PHY inside. */
        SGMII,
        /** A copper PHY that obeys the firmware only. */
        FIRMWARE,
        /** Fixed optics. */
        FIBER,
        SFP
    }

    /** In what some differ from others. */
    enum Trait {
        /** The MAC's own link, set in AUTOC, and a reset that takes it along. */
        AUTOC(1),
        /** Tells in configuration space whether requests wait for their answers. */
        TRANSACTIONS_PENDING(1 << 1),
        /** Erratum 44: a UDP packet whose checksum is 0, for none, is told to be wrong. */
        ZERO_UDP_CHECKSUM_ERROR(1 << 2),
        /** SW_FW_SYNC has a lock of its own; the NVM is a flash; PHYs are on the chip. */
        REGSMP(1 << 3),
        /** TIMINCA has 32 bits of an increment. */
        WIDE_TIMINCA(1 << 4),
        /** SYSTIM and stamps have seconds and nanoseconds. */
        SECONDS_IN_SYSTIM(1 << 5),
        /** Its clock is not known well enough. */
        NO_TIME(1 << 6),
        /** Firmware does what others have registers for: NVM, end of reception. */
        FIRMWARE_COMMANDS(1 << 7),
        /** The redirection table has 512 entries. */
        ERETA(1 << 8),
        /** 2.5 and 5 Gb/s. */
        SPEEDS_BETWEEN(1 << 9),
        /** Erratum 22: nothing tells that its interrupt line is raised. */
        NO_LINE_STATUS(1 << 10),
        /** Its firmware has the sideband to the PHY inside, and semaphores are elsewhere. */
        SIDEBAND_OF_FIRMWARE(1 << 11);

        private final int bit;

        Trait(int bit) {
            this.bit = bit;
        }
    }

    /** A device id. */
    record Model(int deviceId, IxgbeChip chip, Media media) {}

    private static final List<Model> MODELS = models();

    private final String text;
    private final String ids;
    private final int traits;

    /** Queues that an entry of the redirection table can name. */
    final int rssQueues;

    /** The number by which ethtool's decoder knows the chip. */
    final int dumpVersion;

    /** The receive packet buffer. */
    final int rxBufferKilobytes;

    IxgbeChip(
            String text,
            int rssQueues,
            int dumpVersion,
            int rxBufferKilobytes,
            Set<Trait> traits,
            String ids) {
        this.text = text;
        this.rssQueues = rssQueues;
        this.dumpVersion = dumpVersion;
        this.rxBufferKilobytes = rxBufferKilobytes;
        this.traits = traits.stream().mapToInt(t -> t.bit).sum();
        this.ids = ids;
    }

    private static List<Model> models() {
        List<Model> all = new ArrayList<>();
        for (IxgbeChip chip : values()) {
            for (String entry : chip.ids.split(", ", -1)) {
                String[] parts = entry.split(" ", -1);
                Media media = Media.valueOf(parts[1].toUpperCase(Locale.ROOT));
                all.add(new Model(Integer.parseInt(parts[0], 16), chip, media));
            }
        }
        return Collections.unmodifiableList(all);
    }

    static Optional<Model> model(int vendorId, int deviceId) {
        return MODELS.stream()
                .filter(m -> vendorId == VENDOR && m.deviceId() == deviceId)
                .findFirst();
    }

    boolean has(Trait trait) {
        return (traits & trait.bit) != 0;
    }

    /** In the words of the data sheet. */
    @Override
    public String toString() {
        return text;
    }
}
