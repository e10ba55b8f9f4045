// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.vpmd.spi.sys.BurstCalls;
import io.vpmd.spi.sys.EventFd;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The four rings of a queue pair, in the mapping of its device. The letters are those of {@code
 * vpmd/kni.h}.
 */
final class KmodRings implements AutoCloseable {
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final long[] offsets;
    private final int device;
    private final int queue;
    private final EventFd event = new EventFd();

    KmodRings(MemorySegment memory, long[] offsets, int device, int queue) {
        this.memory = memory;
        this.offsets = offsets;
        this.device = device;
        this.queue = queue;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Where a ring begins in {@link #memory()}. */
    long offset(int ring) {
        return offsets[ring];
    }

    /** Where an entry of a ring is, whose index counts on for ever. */
    static long entry(long ring, int index) {
        int slot = index & (KmodDevice.ENTRIES - 1);
        return ring + KmodAbi.RING_SIZE + (long) slot * KmodAbi.ENTRY_SIZE;
    }

    /** What the kernel has put (B). */
    int producer(long ring) {
        return (int) INT.getAcquire(memory, ring + KmodAbi.RING_PRODUCER);
    }

    /** Shows what was put (A). */
    void publish(long ring, int index) {
        INT.setRelease(memory, ring + KmodAbi.RING_PRODUCER, index);
    }

    /** Gives back what was taken (C). */
    void consumed(long ring, int index) {
        INT.setRelease(memory, ring + KmodAbi.RING_CONSUMER, index);
    }

    /** Wakes the kernel if it asked for that (E); one system call at most. */
    void wake(long ring) {
        VarHandle.fullFence();
        long word = ring + KmodAbi.RING_NEED_WAKEUP;
        if ((int) INT.getOpaque(memory, word) != 0 && (int) INT.getAndSet(memory, word, 0) != 0) {
            BurstCalls.ioctl(device, KmodAbi.KNI_IOC_KICK, queue);
        }
    }

    /** Asks for the event when the kernel puts something (F); false if something is there. */
    boolean arm(long ring, int next) {
        event.drain();
        INT.setOpaque(memory, ring + KmodAbi.RING_NEED_WAKEUP, 1);
        VarHandle.fullFence();
        return producer(ring) == next;
    }

    int eventFd() {
        return event.fd();
    }

    @Override
    public void close() {
        event.close();
    }
}
