// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.feature.LinkSpeeds.Mode;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What a copper PHY offers to its partner, in registers 4 and 9 of IEEE 802.3 clauses 28 and 40. A
 * reset of the MAC leaves it, and so would the end of the driver: it is put back as it was found.
 */
final class IgbOffer {
    private static final int ADVERTISEMENT = 4;
    private static final int PARTNER = 5;
    private static final int GIGABIT_CONTROL = 9;
    private static final int GIGABIT_FULL = 1 << 9;
    private static final int GIGABIT_HALF = 1 << 8;
    private static final int PAUSE = 3 << 10;
    private static final int UNKNOWN = -1;
    private static final Map<Mode, Integer> MODES =
            Map.of(
                    Mode.HALF_10, 1 << 5,
                    Mode.FULL_10, 1 << 6,
                    Mode.HALF_100, 1 << 7,
                    Mode.FULL_100, 1 << 8);

    private final IgbPhy phy;
    private int found = UNKNOWN;
    private int foundGigabit;

    IgbOffer(IgbPhy phy) {
        this.phy = phy;
    }

    /** The advertisement. */
    int own(String operation) {
        return phy.read(operation, ADVERTISEMENT);
    }

    /** The same of the partner, 0 before it was received. */
    int partner(String operation) {
        return phy.read(operation, PARTNER);
    }

    Set<Mode> modes(String operation) {
        Set<Mode> modes = EnumSet.noneOf(Mode.class);
        int own = own(operation);
        MODES.forEach(
                (mode, bit) -> {
                    if ((own & bit) != 0) {
                        modes.add(mode);
                    }
                });
        if ((phy.read(operation, GIGABIT_CONTROL) & GIGABIT_FULL) != 0) {
            modes.add(Mode.FULL_1000);
        }
        return modes;
    }

    /** Offers modes; the partner learns of it when negotiation is restarted. */
    void setModes(String operation, Set<Mode> modes) {
        remember(operation);
        int all = 0;
        int wanted = 0;
        for (Map.Entry<Mode, Integer> entry : MODES.entrySet()) {
            all |= entry.getValue();
            wanted |= modes.contains(entry.getKey()) ? entry.getValue() : 0;
        }
        phy.change(operation, ADVERTISEMENT, all, wanted);
        // Nobody wants a gigabit at half duplex, which repeaters have that do not exist.
        int gigabit = modes.contains(Mode.FULL_1000) ? GIGABIT_FULL : 0;
        phy.change(operation, GIGABIT_CONTROL, GIGABIT_FULL | GIGABIT_HALF, gigabit);
    }

    /** Offers pause frames, the bits 10 and 11 of the advertisement. */
    void setPause(String operation, int bits) {
        remember(operation);
        phy.change(operation, ADVERTISEMENT, PAUSE, bits);
    }

    private void remember(String operation) {
        if (found == UNKNOWN) {
            found = own(operation);
            foundGigabit = phy.read(operation, GIGABIT_CONTROL);
        }
    }

    /** Puts back what was found before the first change. */
    void restore(String operation) {
        if (found != UNKNOWN) {
            phy.write(operation, ADVERTISEMENT, found);
            phy.write(operation, GIGABIT_CONTROL, foundGigabit);
        }
    }
}
