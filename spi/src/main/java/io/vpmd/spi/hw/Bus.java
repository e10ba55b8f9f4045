// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.mbuf.MbufPool;

/**
 * One device and the way to it: its registers, its configuration space, and memory that both sides
 * see. Made by {@link Buses} or by a test, owned by the port that drives the device.
 *
 * <p>Methods are called from one thread at a time, except those of {@link Mmio}, which any thread
 * may call. They throw {@link BusException}.
 */
public interface Bus extends AutoCloseable {
    /** What carries it: {@code vfio}, {@code uio}, ... */
    String kind();

    /** The device as messages name it, for example {@code 0000:01:00.0}. */
    String device();

    ConfigSpace config();

    /**
     * The memory BAR with this number, mapped as a whole; the same object at every call.
     *
     * @throws BusException when the device has no such BAR
     */
    Mmio bar(int number);

    /**
     * Memory for descriptor rings and the like, zeroed, contiguous for the device, aligned to at
     * least 4096 bytes. Valid until it is closed, or the bus is.
     */
    DmaMemory allocate(String name, long bytes);

    /** Makes the memory of a pool visible to the device, until {@link DmaMap#close}. */
    DmaMap map(MbufPool pool);

    /** Resets the function as a whole where the bus can; false where it cannot. */
    boolean reset();

    /** Takes bus mastering from the device, then gives back everything. Idempotent. */
    @Override
    void close();
}
