// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One row of the comparison: what was measured, of whom, and what is wanted of us. */
final class Figure {
    /** How the value of vpmd has to be for the figure to be reached. */
    enum Wanted {
        /** At least so many times the peer's. */
        AT_LEAST(">= ", "x"),
        /** At most so many times the peer's. */
        AT_MOST("<= ", "x"),
        /** At most so much, whatever others have. */
        AT_MOST_ITSELF("<= ", ""),
        /** Nothing: it is there to be compared with. */
        NOTHING("", "");

        private final String before;
        private final String behind;

        Wanted(String before, String behind) {
            this.before = before;
            this.behind = behind;
        }
    }

    private final String work;
    private final String unit;
    private final Wanted direction;
    private final double limit;
    private final Samples peer = new Samples();
    private final Samples reference = new Samples();
    private final Samples vpmd = new Samples();

    Figure(String work, String unit, Wanted direction, double limit) {
        this.work = work;
        this.unit = unit;
        this.direction = direction;
        this.limit = limit;
    }

    /** What DPDK reached. */
    Samples peer() {
        return peer;
    }

    /** What the C loop reached. */
    Samples reference() {
        return reference;
    }

    /** What vpmd reached. */
    Samples vpmd() {
        return vpmd;
    }

    String work() {
        return work;
    }

    /** Median of vpmd to median of the peer; NaN when one is missing. */
    double ratio() {
        return vpmd.median() / peer.median();
    }

    /** {@code yes}, {@code no}, or {@code -} when something to compare is missing. */
    String reached() {
        double value = direction == Wanted.AT_MOST_ITSELF ? vpmd.median() : ratio();
        if (Double.isNaN(value) || direction == Wanted.NOTHING) {
            return "-";
        }
        return (direction == Wanted.AT_LEAST ? value >= limit : value <= limit) ? "yes" : "no";
    }

    /** What is wanted, for people. */
    String wanted() {
        return direction == Wanted.NOTHING
                ? "-"
                : direction.before + number(limit) + direction.behind;
    }

    /** The cells of the table. */
    String[] cells() {
        String ratio = direction == Wanted.AT_MOST_ITSELF ? "-" : number(ratio());
        return new String[] {
            work,
            unit,
            number(peer.median()),
            number(reference.median()),
            number(vpmd.median()),
            ratio,
            wanted(),
            reached()
        };
    }

    /** The same for programs, with all samples. */
    Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("work", work);
        all.put("unit", unit);
        all.put("peer", peer.median());
        all.put("reference", reference.median());
        all.put("vpmd", vpmd.median());
        all.put("ratio", direction == Wanted.AT_MOST_ITSELF ? Double.NaN : ratio());
        all.put("wanted", wanted());
        all.put("reached", reached());
        all.put("peerSamples", peer.values());
        all.put("referenceSamples", reference.values());
        all.put("vpmdSamples", vpmd.values());
        return all;
    }

    /** Three digits that count, no exponent. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "-";
        }
        double size = Math.abs(value);
        if (size > 0 && size < 0.1) {
            return BigDecimal.valueOf(value)
                    .round(new MathContext(3))
                    .stripTrailingZeros()
                    .toPlainString();
        }
        int decimals = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
