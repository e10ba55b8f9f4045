// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.sys.Membarrier;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The queues of a port at one time, and the closing of all their gates together.
 *
 * @param earlier what the queues before these counted
 */
record QueueSet(List<RxQueue> rx, List<TxQueue> tx, PortStats earlier) {
    static final QueueSet EMPTY = new QueueSet(List.of(), List.of(), PortStats.ZERO);

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
     * @return null, or a queue in which a thread still was at the end of the time; the gates stay
     *     shut also then
     */
    @Nullable Queue quiesce(long timeoutMillis) {
        shut();
        return awaitIdle(timeoutMillis);
    }

    /** Shuts one gate and waits until no burst runs there; the same answer as of the others. */
    static @Nullable Queue quiesce(Queue queue, long timeoutMillis) {
        queue.closeGate();
        return awaitIdle(List.of(queue), timeoutMillis);
    }

    private @Nullable Queue awaitIdle(long timeoutMillis) {
        List<Queue> all = new ArrayList<>(rx);
        all.addAll(tx);
        return awaitIdle(all, timeoutMillis);
    }

    private static @Nullable Queue awaitIdle(List<Queue> queues, long timeoutMillis) {
        Membarrier.barrier(); // (M)
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Queue inside = busyQueue(queues);
        while (inside != null) {
            if (System.nanoTime() - deadline > 0) {
                return inside;
            }
            LockSupport.parkNanos(20_000);
            inside = busyQueue(queues);
        }
        return null;
    }

    private static @Nullable Queue busyQueue(List<Queue> queues) {
        for (Queue queue : queues) {
            if (queue.busy()) {
                return queue;
            }
        }
        return null;
    }

    /** All queues take part again. */
    void unhold() {
        rx.forEach(queue -> queue.hold(false));
        tx.forEach(queue -> queue.hold(false));
    }

    PortStats stats() {
        PortStats sum = earlier;
        for (RxQueue queue : rx) {
            sum = sum.plus(queue.stats());
        }
        for (TxQueue queue : tx) {
            sum = sum.plus(queue.stats());
        }
        return sum;
    }

    /** The same queues, counting from zero. */
    QueueSet reset() {
        rx.forEach(RxQueue::resetStats);
        tx.forEach(TxQueue::resetStats);
        return new QueueSet(rx, tx, PortStats.ZERO);
    }

    /**
     * Lets every queue give back what it holds; only when no burst can run any more.
     *
     * @throws RuntimeException what the first of them threw, after all had their turn
     */
    void release() {
        Steps steps = new Steps();
        rx.forEach(queue -> steps.run(queue::release));
        tx.forEach(queue -> steps.run(queue::release));
        steps.end();
    }
}
