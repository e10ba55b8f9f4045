// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Memory of this process; accesses fail once it is closed. */
final class LocalRange extends DmaRange {
    private static final VarHandle LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;

    LocalRange(long from, MemorySegment memory, boolean writable) {
        super(from, memory.byteSize(), writable);
        this.memory = memory;
    }

    @Override
    long word(long address) {
        return (long) LONG.getAcquire(memory, address - from);
    }

    @Override
    void putWord(long address, long value) {
        LONG.setRelease(memory, address - from, value);
    }

    @Override
    void putInt(long address, int value) {
        INT.setRelease(memory, address - from, value);
    }

    @Override
    void read(long address, byte[] into, int at, int length) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, address - from, into, at, length);
    }

    @Override
    void write(long address, byte[] bytes, int at, int length) {
        MemorySegment.copy(bytes, at, memory, ValueLayout.JAVA_BYTE, address - from, length);
    }
}
