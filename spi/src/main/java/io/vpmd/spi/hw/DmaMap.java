// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

/**
 * Where the device finds the bytes of a pool. One entry for a whole pool behind an IOMMU, one for
 * each page of the backing size where the device wants physical addresses.
 */
public final class DmaMap implements AutoCloseable {
    /* Larger than any pool: everything is on page 0. */
    private static final int WHOLE = 48;

    private final long[] pages;
    private final int shift;
    private final long mask;
    private final long base;
    private final Runnable release;
    private boolean closed;

    /**
     * For buses.
     *
     * @param pages bus address of each page
     * @param shift a page has {@code 1 << shift} bytes
     * @param release called once
     */
    public DmaMap(long[] pages, int shift, Runnable release) {
        this.pages = pages.clone();
        this.shift = shift;
        this.mask = (1L << shift) - 1;
        this.base = pages[0];
        this.release = release;
    }

    /** A pool that is contiguous for the device. */
    public DmaMap(long busAddress, Runnable release) {
        this(new long[] {busAddress}, WHOLE, release);
    }

    /** Bus address of the byte at {@code offset} of the pool's memory. */
    public long busAddress(long offset) {
        return shift == WHOLE ? base + offset : pages[(int) (offset >>> shift)] + (offset & mask);
    }

    boolean closed() {
        return closed;
    }

    /** Takes the pool away from the device, which must not use it any more. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
