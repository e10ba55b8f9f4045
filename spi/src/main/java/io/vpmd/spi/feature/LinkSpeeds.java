// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.Set;

/** The speeds that a port can do, and which of them it offers to its link partner. */
public interface LinkSpeeds {
    /** A speed with a duplex mode, as link partners agree on one. */
    enum Mode {
        HALF_10(10),
        FULL_10(10),
        HALF_100(100),
        FULL_100(100),
        FULL_1000(1_000),
        FULL_2500(2_500),
        FULL_5000(5_000),
        FULL_10000(10_000);

        private final int speedMbps;

        Mode(int speedMbps) {
            this.speedMbps = speedMbps;
        }

        /** Megabits a second. */
        public int speedMbps() {
            return speedMbps;
        }

        /** Whether both sides may send at once. */
        public boolean fullDuplex() {
            return this != HALF_10 && this != HALF_100;
        }
    }

    /** What the port can do. */
    Set<Mode> supportedModes();

    /**
     * What it offers now.
     *
     * @throws io.vpmd.spi.PortException when the device does not answer
     */
    Set<Mode> advertisedModes();

    /**
     * Offers these and no others, and negotiates anew, for which the link goes down for a moment;
     * with a single one there is that or no link. Survives stop and start.
     *
     * @throws io.vpmd.spi.PortException when there are none, or one that the port cannot do
     */
    void advertise(Set<Mode> modes);
}
