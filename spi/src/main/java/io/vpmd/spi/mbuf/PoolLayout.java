// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import io.vpmd.spi.sys.MemFile;

/**
 * Where the buffers of a pool are: one after the other, {@code stride} bytes apart. A place whose
 * buffer would straddle a huge page is left empty, since the next page may be anywhere in physical
 * memory. That is done whatever the memory turns out to be on: it costs one place in a thousand.
 */
final class PoolLayout {
    private final int bufferSize;
    private final int stride;
    private final int places;

    /** Places for {@code size} whole buffers. */
    PoolLayout(int size, int bufferSize, int stride) {
        this.bufferSize = bufferSize;
        this.stride = stride;
        int whole = 0;
        int next = 0;
        while (whole < size) {
            if (whole(next++)) {
                whole++;
            }
        }
        places = next;
    }

    /** How many places there are; the last one is whole. */
    int places() {
        return places;
    }

    /** Whether the buffer at this place is in one huge page. */
    boolean whole(int place) {
        long first = (long) place * stride;
        return first / MemFile.HUGE_PAGE == (first + bufferSize - 1) / MemFile.HUGE_PAGE;
    }

    long bytes() {
        return (long) places * stride;
    }
}
