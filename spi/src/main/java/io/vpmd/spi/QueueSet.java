// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.sys.Membarrier;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The queues of a port at one time, and the closing of all their gates together. */
record QueueSet(List<RxQueue> rx, List<TxQueue> tx) {
    static final QueueSet EMPTY = new QueueSet(List.of(), List.of());

    QueueSet {
        rx = List.copyOf(rx);
        tx = List.copyOf(tx);
    }

    void open() {
        rx.forEach(Queue::openGate);
        tx.forEach(Queue::openGate);
    }

    /** Makes every later burst see the port stopped; bursts that run go on. */
    void shut() {
        rx.forEach(Queue::closeGate);
        tx.forEach(Queue::closeGate);
    }

    /**
     * Shuts the gates and waits until no burst runs.
     *
     * @return null, or a queue in which a thread still was at the end of the time; the gates are as
     *     they were then
     */
    @Nullable Queue quiesce(long timeoutMillis) {
        shut();
        Membarrier.barrier(); // (M)
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Queue inside = busyQueue();
        while (inside != null) {
            if (System.nanoTime() - deadline > 0) {
                open();
                return inside;
            }
            LockSupport.parkNanos(20_000);
            inside = busyQueue();
        }
        return null;
    }

    private @Nullable Queue busyQueue() {
        for (Queue queue : rx) {
            if (queue.busy()) {
                return queue;
            }
        }
        for (Queue queue : tx) {
            if (queue.busy()) {
                return queue;
            }
        }
        return null;
    }

    PortStats stats() {
        PortStats sum = PortStats.ZERO;
        for (RxQueue queue : rx) {
            sum = sum.plus(queue.stats());
        }
        for (TxQueue queue : tx) {
            sum = sum.plus(queue.stats());
        }
        return sum;
    }

    /** Lets every queue give back what it holds; only when no burst can run any more. */
    void release() {
        rx.forEach(RxQueue::release);
        tx.forEach(TxQueue::release);
    }
}
