// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

/**
 * A register space, as a rule a BAR of 32-bit little-endian registers.
 *
 * <p>Order: a {@link #write} is seen by the device after every earlier store of this thread to
 * memory that it can read, and after every earlier write; so a doorbell needs nothing else. A later
 * load is not done before a {@link #read} has its value. A write may still be on its way when the
 * method returns; a read of the same device brings all earlier ones there.
 *
 * <p>Offsets are multiples of 4. Neither method allocates.
 */
public abstract class Mmio {
    /** A space for implementations. */
    protected Mmio() {}

    public abstract long size();

    /** The register at {@code offset}; all ones when the device is gone. */
    public abstract int read(int offset);

    public abstract void write(int offset, int value);
}
