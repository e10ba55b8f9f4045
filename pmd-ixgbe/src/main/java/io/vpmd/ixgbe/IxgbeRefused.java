// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Members of the family whose way to the cable is not known well enough to drive them. */
enum IxgbeRefused {
    /** 82599. */
    QSFP("its cage shares an I2C bus whose hand-over between functions is unconfirmed", "1558"),
    EXTERNAL_COPPER("its copper PHY is a chip of another maker on the board", "151c"),
    BYPASS("its relays that bypass the port are set by firmware of the board", "155d"),
    /** X550EM_x and X550EM_a. */
    SFP_BEHIND_RETIMER(
            "its SFP cage is behind a retimer with an I2C protocol of its own, unconfirmed",
            "15ac 15c4 15ce"),
    QSFP_BEHIND_RETIMER("its QSFP cage is behind a retimer, unconfirmed", "15ca 15cc"),
    COPPER_OUTSIDE("its copper PHY outside needs a reset and a set-up, unconfirmed", "15ad 15c8");

    private final String reason;
    private final String ids;

    IxgbeRefused(String reason, String ids) {
        this.reason = reason;
        this.ids = ids;
    }

    /** Why a device is refused, if it is. */
    static Optional<String> reason(int deviceId) {
        String id = String.format(Locale.ROOT, "%04x", deviceId);
        return Arrays.stream(values())
                .filter(each -> Arrays.asList(each.ids.split(" ", -1)).contains(id))
                .map(each -> each.reason)
                .findFirst();
    }
}
