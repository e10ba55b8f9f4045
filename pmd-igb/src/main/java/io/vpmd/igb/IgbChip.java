// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The chips of the family, and what differs between them. */
enum IgbChip {
    E82576(
            "82576",
            16,
            24,
            "10c9 copper, 10e6 fiber, 10e7 serdes, 10e8 copper, 1526 copper"
                    + ", 150a copper, 1518 serdes, 150d serdes"),
    E82580(
            "82580",
            8,
            24,
            "150e copper, 150f fiber, 1510 serdes, 1511 sgmii, 1516 copper, 1527 fiber"),
    I350("I350", 8, 32, "1521 copper, 1522 fiber, 1523 serdes, 1524 sgmii, 1546 serdes"),
    I354("I354", 8, 32, "1f40 serdes, 1f41 sgmii, 1f45 serdes"),
    I210(
            "I210",
            4,
            16,
            "1533 copper, 1534 copper, 1535 copper, 1536 fiber, 1537 serdes"
                    + ", 1538 sgmii, 157b copper, 157c serdes, 15f6 sgmii"),
    I211("I211", 2, 16, "1539 copper");

    static final int VENDOR = 0x8086;

    /** What the MAC talks to. */
    enum Media {
        COPPER,
        FIBER,
        SERDES,
        SGMII
    }

    /** A device id. */
    record Model(int deviceId, IgbChip chip, Media media) {}

    private static final List<Model> MODELS = models();

    private final String text;
    private final String ids;
    final int queues;
    final int unicastAddresses;

    IgbChip(String text, int queues, int unicastAddresses, String ids) {
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

    /** In the words of the data sheet. */
    @Override
    public String toString() {
        return text;
    }
}
