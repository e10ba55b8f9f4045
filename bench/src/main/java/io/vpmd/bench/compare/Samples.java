// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values of one quantity, one a round. */
final class Samples {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    List<Double> values() {
        return Collections.unmodifiableList(values);
    }

    /** The value in the middle, or the mean of the two in the middle; NaN without any. */
    double median() {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
