// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;

/**
 * What goes wrong how often, as a spec says it. Chances are out of {@link #CERTAIN}.
 *
 * @param drop chance that a packet is lost
 * @param duplicate chance that a packet comes twice
 * @param corrupt chance that one bit of a packet is inverted
 * @param reorder chance that a received packet comes after the next one
 * @param delayNanos how much later each received packet comes
 * @param shortTx chance that a transmit burst finds the queue full somewhere in it
 * @param onReceive whether received packets are affected
 * @param onTransmit whether sent packets are affected
 * @param seed start of the random sequence
 */
record Faults(
        int drop,
        int duplicate,
        int corrupt,
        int reorder,
        long delayNanos,
        int shortTx,
        boolean onReceive,
        boolean onTransmit,
        long seed) {
    /** The chance of what always happens. */
    static final int CERTAIN = 1 << 30;

    /**
     * Reads the options.
     *
     * @throws SpecException when a value is out of range
     */
    static Faults of(PortSpec spec) {
        String on = spec.option("on", "both");
        if (!on.matches("rx|tx|both")) {
            throw spec.bad("on", on, "rx, tx or both");
        }
        return new Faults(
                chance(spec, "drop"),
                chance(spec, "duplicate"),
                chance(spec, "corrupt"),
                chance(spec, "reorder"),
                spec.intOption("delay", 0, 0, 10_000) * 1_000_000L,
                chance(spec, "shortTx"),
                !on.equals("tx"),
                !on.equals("rx"),
                spec.intOption("seed", 1, 0, Integer.MAX_VALUE));
    }

    private static int chance(PortSpec spec, String key) {
        String value = spec.option(key, "0");
        if (value.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")) {
            double percent = Double.parseDouble(value);
            if (percent <= 100) {
                return (int) Math.round(percent / 100 * CERTAIN);
            }
        }
        throw spec.bad(key, value, "a percentage from 0 to 100, for example 0.5");
    }

    /** Whether received packets have to be looked at one by one. */
    boolean receiving() {
        return onReceive && ((drop | duplicate | corrupt | reorder) != 0 || delayNanos > 0);
    }

    /** Whether sent packets have to be looked at one by one. */
    boolean sending() {
        return onTransmit && (drop | duplicate | corrupt) != 0;
    }
}
