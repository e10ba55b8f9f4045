// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Registers that are mapped into this process. */
public final class MappedMmio extends Mmio {
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;
    private volatile boolean detached;

    /** Registers in a mapping of {@link Mapping}, which stays the caller's. */
    public MappedMmio(MemorySegment memory) {
        this.memory = memory;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public int read(int offset) {
        int value = (int) INT.getAcquire(memory, (long) offset);
        return detached ? -1 : value;
    }

    @Override
    public void write(int offset, int value) {
        INT.setRelease(memory, (long) offset, value);
    }

    /**
     * Lets go of the device: registers read as all ones from now on, and writes go nowhere. Threads
     * may be reading and writing meanwhile. Idempotent.
     */
    void detach() {
        if (!detached) {
            detached = true;
            Mapping.replace(memory);
        }
    }
}
