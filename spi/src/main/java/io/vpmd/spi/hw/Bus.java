// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;

import java.util.List;

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

    /**
     * Whether the device uses physical addresses, because no IOMMU is in front of it. Pools must be
     * on huge pages then; a port that has such a bus says so in {@code needsHugePages}.
     */
    default boolean physicalAddresses() {
        return false;
    }

    /** Resets the function as a whole where the bus can; false where it cannot. */
    boolean reset();

    /** Interrupt vectors that {@link #connect} can serve; 0 where there are none. */
    default int vectors() {
        return 0;
    }

    /**
     * Whether vectors are MSI-X messages, among which the device can spread its causes. If not,
     * there is one vector at most, for all causes: INTx, MSI, or an only MSI-X message.
     */
    default boolean msix() {
        return false;
    }

    /**
     * Makes vector i of the device signal event i, in place of what was connected before; an empty
     * list switches interrupts off. The events stay the caller's, and open until the bus is closed
     * or others are connected.
     *
     * @param events at most {@link #vectors()}
     */
    default void connect(List<EventFd> events) {
        if (!events.isEmpty()) {
            throw new BusException(
                    "connect interrupts of",
                    device(),
                    kind() + " carries none",
                    "poll the device instead");
        }
    }

    /**
     * The causes of vector 0 are dealt with, and it may interrupt again. To be called after each of
     * its events where {@link #msix()} is false: a line is masked when it has interrupted.
     */
    default void unmask() {}

    /**
     * Descriptor that becomes readable, and stays so, when the kernel wants the device back because
     * it is being unbound or pulled out; -1 where nobody tells. The port is to close the bus then.
     */
    default int requestFd() {
        return -1;
    }

    /**
     * Takes bus mastering from the device, then gives back everything. Registers read as all ones
     * from then on, as those of a device that is gone. Idempotent.
     */
    @Override
    void close();
}
