// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The queues of a port. Called with no burst running. */
public final class KmodQueues {
    /* The module's thread looks every 200 us unless it was told to be slower. */
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final KmodDevice device;
    private final KmodMemory memory;
    private final List<KmodRxQueue> rx = new ArrayList<>();
    private final List<KmodTxQueue> tx = new ArrayList<>();

    public KmodQueues(KmodDevice device, KmodMemory memory) {
        this.device = device;
        this.memory = memory;
    }

    /** Makes a queue that is from now on one of these. */
    public KmodRxQueue rx(int index, int portId, PortConfig config) {
        KmodRxQueue queue =
                new KmodRxQueue(
                        index, device, memory, portId, config.rxPool(), config.rxRingSize());
        rx.add(queue);
        return queue;
    }

    /** The same for the other direction. */
    public KmodTxQueue tx(int index, PortConfig config) {
        KmodTxQueue queue = new KmodTxQueue(index, device, memory, config);
        tx.add(queue);
        return queue;
    }

    /** Forgets queues that were stopped. */
    public void clear() {
        rx.clear();
        tx.clear();
    }

    public void start() {
        rx.forEach(KmodRxQueue::start);
    }

    /** Lets the kernel read what was sent, for a while, and takes everything back. */
    public void stop() {
        long limit = System.nanoTime() + DRAIN_NANOS;
        while (!tx.stream().allMatch(KmodTxQueue::idle) && System.nanoTime() < limit) {
            LockSupport.parkNanos(STEP_NANOS);
        }
        device.reset();
        rx.forEach(KmodRxQueue::empty);
        tx.forEach(KmodTxQueue::empty);
    }

    /** Buffers of {@code pool} that the kernel has. */
    public int heldBuffers(MbufPool pool) {
        int held = 0;
        for (KmodRxQueue queue : rx) {
            held += queue.heldBuffers(pool);
        }
        for (KmodTxQueue queue : tx) {
            held += queue.heldBuffers(pool);
        }
        return held;
    }
}
