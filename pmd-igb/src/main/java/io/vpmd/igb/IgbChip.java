// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The chips of the family, and what differs between them. */
enum IgbChip {
    E82576(
            "82576",
            16,
            24,
            EnumSet.of(
                    Trait.IVAR_APART,
                    Trait.PINS_FOR_OPTICS,
                    Trait.ALTERNATE_MAC,
                    Trait.MDIC_PINS,
                    Trait.SHORT_COMPLETION_TIMEOUT),
            "10c9 copper, 10e6 fiber, 10e7 serdes, 10e8 copper, 1526 copper"
                    + ", 150a copper, 1518 serdes, 150d serdes"),
    E82580(
            "82580",
            8,
            24,
            EnumSet.of(Trait.PHPM, Trait.NVM_BLOCKS, Trait.FORGETS_MDICNFG),
            "150e copper, 150f fiber, 1510 serdes, 1511 sgmii, 1516 copper, 1527 fiber"),
    I350(
            "I350",
            8,
            32,
            EnumSet.of(Trait.PHPM, Trait.NVM_ERRORS, Trait.VFTA_LOSES, Trait.DVMOLR),
            "1521 copper, 1522 fiber, 1523 serdes, 1524 sgmii, 1546 serdes"),
    I354(
            "I354",
            8,
            32,
            EnumSet.of(
                    Trait.PHPM, Trait.NVM_ERRORS, Trait.VFTA_LOSES, Trait.DVMOLR, Trait.RUNS_2500),
            "1f40 serdes, 1f41 sgmii, 1f45 serdes"),
    I210(
            "I210",
            4,
            16,
            EnumSet.of(
                    Trait.PHPM, Trait.INVM, Trait.RQDPC_STAYS, Trait.SMBI_MAY_STAY, Trait.DVMOLR),
            "1533 copper, 1534 copper, 1535 copper, 1536 fiber, 1537 serdes"
                    + ", 1538 sgmii, 157b copper, 157c serdes, 15f6 sgmii"),
    I211(
            "I211",
            2,
            16,
            EnumSet.of(
                    Trait.PHPM, Trait.INVM, Trait.RQDPC_STAYS, Trait.SMBI_MAY_STAY, Trait.DVMOLR),
            "1539 copper");

    static final int VENDOR = 0x8086;

    /** What the MAC talks to. */
    enum Media {
        COPPER,
        FIBER,
        SERDES,
        SGMII
    }

    /** In what some differ from others. */
    enum Trait {
        /** PHPM, with a bit that ends the link. */
        PHPM(1),
        /** IVAR has queues 0 and 8 in one register, those of others have 0 and 1. */
        IVAR_APART(1 << 1),
        /** The software defined pins of CTRL switch optics. */
        PINS_FOR_OPTICS(1 << 2),
        /** An alternate MAC address in the NVM is the driver's to find. */
        ALTERNATE_MAC(1 << 3),
        /** MDIC tells where its pins go, and not MDICNFG. */
        MDIC_PINS(1 << 4),
        /** Waits too short for answers on PCIe. */
        SHORT_COMPLETION_TIMEOUT(1 << 5),
        /** Erratum: a reset forgets MDICNFG. */
        FORGETS_MDICNFG(1 << 6),
        /** Erratum: EECD.BLOCKED stays after an access to the NVM that went wrong. */
        NVM_BLOCKS(1 << 7),
        /** Erratum: the same of three flags, which are cleared by a fourth. */
        NVM_ERRORS(1 << 8),
        /** Erratum: a write to VFTA may be lost. */
        VFTA_LOSES(1 << 9),
        /** DVMOLR has the offloads of each queue. */
        DVMOLR(1 << 10),
        /** A backplane may run at 2500 Mbit/s. */
        RUNS_2500(1 << 11),
        /** Memory on the chip in place of a flash. */
        INVM(1 << 12),
        /** RQDPC is not cleared by being read. */
        RQDPC_STAYS(1 << 13),
        /** SWSM.SMBI is now and then set though nobody holds it. */
        SMBI_MAY_STAY(1 << 14);

        private final int bit;

        Trait(int bit) {
            this.bit = bit;
        }
    }

    /** A device id. */
    record Model(int deviceId, IgbChip chip, Media media) {}

    private static final List<Model> MODELS = models();

    private final String text;
    private final String ids;
    private final int traits;
    final int queues;
    final int unicastAddresses;

    IgbChip(String text, int queues, int unicastAddresses, Set<Trait> traits, String ids) {
        this.traits = traits.stream().mapToInt(t -> t.bit).sum();
        this.text = text;
        this.queues = queues;
        this.unicastAddresses = unicastAddresses;
        this.ids = ids;
    }

    private static List<Model> models() {
        List<Model> all = new ArrayList<>();
        for (IgbChip chip : values()) {
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
