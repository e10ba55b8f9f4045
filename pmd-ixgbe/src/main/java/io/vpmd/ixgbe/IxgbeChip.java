// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The members of the family, and in what they differ. */
enum IxgbeChip {
    E82599(
            "82599",
            16,
            2,
            "10f7 backplane, 1514 backplane, 1517 backplane, 10f8 backplane, 10f9 cx4, 10fb sfp"
                    + ", 152a backplane, 1529 sfp, 1507 sfp, 154d sfp, 154a sfp, 1557 sfp"
                    + ", 10fc backplane"),
    X540("X540", 16, 3, "1528 copper, 1560 copper"),
    X550("X550", 64, 4, "1563 copper, 15d1 copper");

    static final int VENDOR = 0x8086;

    /** Queues that the driver uses, which is what there are without virtualization. */
    static final int QUEUES = 64;

    static final int UNICAST_ADDRESSES = 128;

    /** What the MAC talks to. */
    enum Media {
        BACKPLANE,
        CX4,
        COPPER,
        SFP
    }

    /** A device id. */
    record Model(int deviceId, IxgbeChip chip, Media media) {}

    private static final List<Model> MODELS = models();

    private final String text;
    private final String ids;

    /** Queues that an entry of the redirection table can name. */
    final int rssQueues;

    /** The number by which ethtool's decoder knows the chip. */
    final int dumpVersion;

    IxgbeChip(String text, int rssQueues, int dumpVersion, String ids) {
        this.text = text;
        this.rssQueues = rssQueues;
        this.dumpVersion = dumpVersion;
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

    /** In the words of the data sheet. */
    @Override
    public String toString() {
        return text;
    }
}
