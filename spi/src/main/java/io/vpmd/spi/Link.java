// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/**
 * State of a link.
 *
 * @param up whether packets can pass
 * @param speedMbps megabits a second, 0 if unknown
 * @param fullDuplex false means half duplex
 * @param autoneg whether the values were negotiated
 */
public record Link(boolean up, int speedMbps, boolean fullDuplex, boolean autoneg) {
    /** No link. */
    public static final Link DOWN = new Link(false, 0, true, false);

    /** An up, full duplex, fixed link. */
    public static Link up(int speedMbps) {
        return new Link(true, speedMbps, true, false);
    }

    @Override
    public String toString() {
        return up
                ? "up " + speedMbps + " Mb/s " + (fullDuplex ? "full" : "half") + " duplex"
                : "down";
    }
}
