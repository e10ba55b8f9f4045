// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a driver did that the data sheet forbids. Silicon would go on in a way that nobody promises;
 * a model goes on too, and a test looks here. Any thread.
 */
public final class Violations {
    private static final int MAX_KINDS = 64;

    private final Map<String, Integer> counts = new LinkedHashMap<>();

    public Violations() {}

    /** Notes one; what happens again is counted. */
    public synchronized void add(String what) {
        if (counts.size() < MAX_KINDS || counts.containsKey(what)) {
            counts.merge(what, 1, Integer::sum);
        }
    }

    /** What was noted, with how often, in the order of the first time. */
    public synchronized Map<String, Integer> all() {
        return new LinkedHashMap<>(counts);
    }

    public synchronized void clear() {
        counts.clear();
    }

    @Override
    public String toString() {
        return all().toString();
    }
}
