// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.lang.foreign.MemorySegment;

/** Memory that the device sees at one contiguous range of addresses. */
public final class DmaMemory implements AutoCloseable {
    private final MemorySegment memory;
    private final long busAddress;
    private final Runnable release;
    private boolean closed;

    /**
     * For buses.
     *
     * @param memory the same bytes in this process, native memory
     * @param busAddress where the device finds the first
     * @param release called once
     * @throws IllegalArgumentException when the memory is the Java heap's
     */
    public DmaMemory(MemorySegment memory, long busAddress, Runnable release) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("a device cannot reach the Java heap");
        }
        this.memory = memory;
        this.busAddress = busAddress;
        this.release = release;
    }

    public MemorySegment memory() {
        return memory;
    }

    /** What to tell the device. */
    public long busAddress() {
        return busAddress;
    }

    boolean closed() {
        return closed;
    }

    /** Gives it back; the device must have been told to leave it alone. Idempotent. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
