// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.util.Map;
import java.util.TreeMap;

/** The addresses that a device uses behind an IOMMU: ours to give, first fit, from 4 GiB up. */
public final class IovaSpace {
    /* Above all windows that a platform reserves, and within the 39 bits of the smallest IOMMU. */
    private static final long FIRST = 1L << 32;
    private static final long END = 1L << 39;
    private static final long ALIGNMENT = 2L << 20;

    private final TreeMap<Long, Long> used = new TreeMap<>();

    /** Nothing taken. */
    public IovaSpace() {}

    /**
     * Takes a range, aligned so that huge pages stay whole.
     *
     * @return its first address, or -1 when there is no such room
     */
    public synchronized long take(long bytes) {
        long at = FIRST;
        for (Map.Entry<Long, Long> range : used.entrySet()) {
            if (range.getKey() - at >= bytes) {
                break;
            }
            at = align(range.getKey() + range.getValue());
        }
        if (at > END - bytes) {
            return -1;
        }
        used.put(at, bytes);
        return at;
    }

    private static long align(long address) {
        return (address + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Gives a range back by its first address. */
    public synchronized void give(long address) {
        used.remove(address);
    }
}
