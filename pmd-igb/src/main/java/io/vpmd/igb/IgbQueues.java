// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.PortException;
import io.vpmd.spi.Queue;
import io.vpmd.spi.feature.QueueControl;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The queues of the port: all together, and single ones through RXDCTL.ENABLE and TXDCTL.ENABLE.
 */
final class IgbQueues implements QueueControl {
    private final IgbPort port;
    /* The lookout counts them on its own thread. */
    private final List<IgbRxQueue> rx = new CopyOnWriteArrayList<>();
    private final List<IgbTxQueue> tx = new CopyOnWriteArrayList<>();

    IgbQueues(IgbPort port) {
        this.port = port;
    }

    void clear() {
        rx.clear();
        tx.clear();
    }

    void add(IgbRxQueue queue) {
        rx.add(queue);
    }

    void add(IgbTxQueue queue) {
        tx.add(queue);
    }

    int transmitters() {
        return tx.size();
    }

    /** Starts those that take part. */
    void start() {
        tx.stream().filter(IgbPort::has).forEach(IgbTxQueue::start);
        rx.stream().filter(IgbPort::has).forEach(this::start);
    }

    /** With more than one queue a full one must not hold up the others, but for pause frames. */
    private void start(IgbRxQueue queue) {
        boolean drop = rx.size() > 1 && port.dropsWhenFull();
        queue.start(IgbCapabilities.bufferKilobytes(port.settings().rxPool()), drop);
    }

    /** Gives the descriptors to the device; with RCTL.EN set. */
    void open() {
        rx.stream().filter(IgbPort::has).forEach(IgbRxQueue::open);
    }

    void disable() {
        rx.forEach(IgbRxQueue::disable);
        tx.forEach(IgbTxQueue::disable);
    }

    /** Frees all buffers; the device is not using them any more. */
    void empty() {
        rx.forEach(IgbRxQueue::empty);
        tx.forEach(IgbTxQueue::empty);
    }

    void setMaxFrame(int bytes) {
        tx.forEach(queue -> queue.setMaxFrame(bytes));
    }

    int heldBuffers(MbufPool pool) {
        return rx.stream().mapToInt(queue -> queue.heldBuffers(pool)).sum()
                + tx.stream().mapToInt(queue -> queue.heldBuffers(pool)).sum();
    }

    @Override
    public void startRxQueue(int index) {
        turn(
                "startRxQueue",
                true,
                () -> (IgbRxQueue) port.rxQueue(index),
                queue -> {
                    start(queue);
                    queue.open();
                });
    }

    @Override
    public void stopRxQueue(int index) {
        turn(
                "stopRxQueue",
                false,
                () -> (IgbRxQueue) port.rxQueue(index),
                queue -> {
                    queue.disable();
                    queue.empty();
                });
    }

    @Override
    public void startTxQueue(int index) {
        turn("startTxQueue", true, () -> (IgbTxQueue) port.txQueue(index), IgbTxQueue::start);
    }

    @Override
    public void stopTxQueue(int index) {
        turn(
                "stopTxQueue",
                false,
                () -> (IgbTxQueue) port.txQueue(index),
                queue -> {
                    queue.disable();
                    queue.empty();
                });
    }

    private <Q extends Queue> void turn(
            String operation, boolean on, Supplier<Q> which, Consumer<Q> change) {
        port.control(
                operation,
                () -> {
                    Q queue = which.get();
                    if (!port.started()) {
                        throw new PortException(
                                operation,
                                port.name(),
                                "it is " + port.state() + ", not STARTED",
                                "start the port first");
                    }
                    if (IgbPort.has(queue) != on) {
                        port.changeQueue(operation, queue, on, () -> change.accept(queue));
                    }
                });
    }

    @Override
    public boolean rxQueueStarted(int index) {
        return moves(port.rxQueue(index));
    }

    @Override
    public boolean txQueueStarted(int index) {
        return moves(port.txQueue(index));
    }

    private boolean moves(Queue queue) {
        return port.started() && IgbPort.has(queue);
    }
}
