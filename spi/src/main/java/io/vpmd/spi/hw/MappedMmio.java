// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Registers that are mapped into this process. */
public final class MappedMmio extends Mmio {
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;

    public MappedMmio(MemorySegment memory) {
        this.memory = memory;
    }

    @Override
    public long size() {
        return memory.byteSize();
    }

    @Override
    public int read(int offset) {
        return (int) INT.getAcquire(memory, (long) offset);
    }

    @Override
    public void write(int offset, int value) {
        INT.setRelease(memory, (long) offset, value);
    }
}
