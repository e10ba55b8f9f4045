// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.Queue;
import io.vpmd.spi.feature.QueueControl;
import io.vpmd.spi.hw.ring.RxRing;
import io.vpmd.spi.hw.ring.TxRing;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The queues of a port: all together, and single ones. */
final class NicQueues implements QueueControl {
    private final NicPort port;
    /* The lookout counts them on its own thread. */
    private final List<RxRing> rx = new CopyOnWriteArrayList<>();
    private final List<TxRing> tx = new CopyOnWriteArrayList<>();

    NicQueues(NicPort port) {
        this.port = port;
    }

    void clear() {
        rx.clear();
        tx.clear();
    }

    void add(RxRing queue) {
        rx.add(queue);
    }

    void add(TxRing queue) {
        tx.add(queue);
    }

    int transmitters() {
        return tx.size();
    }

    /** Starts those that take part. */
    void start() {
        tx.stream().filter(NicPort::has).forEach(TxRing::start);
        rx.stream().filter(NicPort::has).forEach(this::start);
    }

    /** With more than one queue a full one must not hold up the others, but for pause frames. */
    private void start(RxRing queue) {
        boolean drop = rx.size() > 1 && port.dropsWhenFull();
        queue.start(BufferRoom.kilobytes(port.settings().rxPool()), drop);
    }

    /** Gives the descriptors to the device, whose receiver is on. */
    void open() {
        rx.stream().filter(NicPort::has).forEach(RxRing::open);
    }

    void disable() {
        rx.forEach(RxRing::disable);
        tx.forEach(TxRing::disable);
    }

    /** Frees all buffers; the device is not using them any more. */
    void empty() {
        rx.forEach(RxRing::empty);
        tx.forEach(TxRing::empty);
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
                () -> (RxRing) port.rxQueue(index),
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
                () -> (RxRing) port.rxQueue(index),
                queue -> {
                    queue.disable();
                    queue.empty();
                });
    }

    @Override
    public void startTxQueue(int index) {
        turn("startTxQueue", true, () -> (TxRing) port.txQueue(index), TxRing::start);
    }

    @Override
    public void stopTxQueue(int index) {
        turn(
                "stopTxQueue",
                false,
                () -> (TxRing) port.txQueue(index),
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
                    if (NicPort.has(queue) != on) {
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
        return port.started() && NicPort.has(queue);
    }
}
