// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.Pools;

import java.util.Arrays;

/** The pools that a device has pinned. The burst side reads; the control side changes. */
public final class KmodMemory {
    private static final int NONE = -1;
    private static final long PAGE = 4096;

    private final KmodDevice device;
    private final int[] regions = new int[Pools.MAX_POOLS + 1];

    /** No pool of {@code device} yet. */
    public KmodMemory(KmodDevice device) {
        this.device = device;
        Arrays.fill(regions, NONE);
    }

    /**
     * Pins a pool.
     *
     * @throws KmodException when that is refused
     */
    public void add(MbufPool pool) {
        // Whole pages are mapped, whatever of the last one the pool uses.
        long size = (pool.memory().byteSize() + PAGE - 1) / PAGE * PAGE;
        regions[pool.id()] = device.addRegion(pool.memory().address(), size);
    }

    /** Lets go of a pool of which nobody has a buffer. */
    public void remove(MbufPool pool) {
        int region = regions[pool.id()];
        if (region != NONE) {
            regions[pool.id()] = NONE;
            device.removeRegion(region);
        }
    }

    /** Address of byte 0 of a pool in ring entries; negative if it is not pinned. */
    long base(MbufPool pool) {
        int region = regions[pool.id()];
        return region == NONE ? NONE : (long) region << KmodAbi.KNI_REGION_SHIFT;
    }
}
