// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Ranges of addresses that wait for the next mapping of their kind. */
final class KeptRanges {
    private record Kind(long length, boolean huge) {}

    private static final Map<Kind, Deque<Long>> RANGES = new HashMap<>();

    private KeptRanges() {}

    /** The address of a range, or 0 when there is none. */
    static synchronized long take(long length, boolean huge) {
        Deque<Long> ranges = RANGES.get(new Kind(length, huge));
        Long address = ranges == null ? null : ranges.poll();
        return address == null ? 0 : address;
    }

    static synchronized void keep(long address, long length, boolean huge) {
        RANGES.computeIfAbsent(new Kind(length, huge), _ -> new ArrayDeque<>()).push(address);
    }
}
