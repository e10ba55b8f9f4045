// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * Memory that a device reaches at addresses from one to another. An access that is within them and
 * cannot be done throws an {@link IllegalStateException}. Under the device's lock.
 */
abstract class DmaRange {
    final long from;
    final long to;
    final boolean writable;

    DmaRange(long from, long bytes, boolean writable) {
        this.from = from;
        this.to = from + bytes;
        this.writable = writable;
    }

    /** The little-endian word there; what is read later is not older. */
    abstract long word(long address);

    /** Whoever sees it sees all earlier writes. */
    abstract void putWord(long address, long value);

    abstract void putInt(long address, int value);

    abstract void read(long address, byte[] into, int at, int length);

    abstract void write(long address, byte[] from, int at, int length);
}
