// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Registers that are mapped into this process. When the kernel takes them away while they are used
 * (SIGBUS), they read as all ones from then on.
 */
public final class MappedMmio extends Mmio {
    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final VarHandle TURNS;
    private static final VarHandle STEP;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TURNS = lookup.findVarHandle(MappedMmio.class, "turns", int.class);
            STEP = lookup.findVarHandle(MappedMmio.class, "step", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemorySegment memory;
    private volatile boolean detached;

    /* Always these values, which the JIT must not find out. */
    @SuppressWarnings({"unused", "FieldMayBeFinal"}) // through TURNS
    private int turns = 3;

    @SuppressWarnings({"unused", "FieldMayBeFinal"}) // through STEP
    private int step = 1;

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
        try {
            int value = (int) INT.getAcquire(memory, (long) offset);
            deliverFault();
            return detached ? -1 : value;
        } catch (InternalError e) {
            return taken();
        }
    }

    @Override
    public void write(int offset, int value) {
        try {
            INT.setRelease(memory, (long) offset, value);
            deliverFault();
        } catch (InternalError e) {
            taken();
        }
    }

    /**
     * The JVM turns a fault into an InternalError, which compiled code throws where it next looks
     * whether the JVM wants something of it: that is at the jump back of a loop whose number of
     * turns it cannot know. Without this one, the application's code would get the error.
     */
    private void deliverFault() {
        int left = (int) TURNS.getOpaque(this);
        while (left > 0) {
            left -= (int) STEP.getOpaque(this);
        }
    }

    private int taken() {
        detach();
        return -1;
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
