// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufRecycler;

import org.jspecify.annotations.Nullable;

/**
 * One direction of traffic: a receive queue, what is done to its packets, a transmit queue. Run by
 * one thread, without allocating; its counters may be read by any.
 */
public abstract class ForwardStream implements AutoCloseable {
    /* A full queue empties at the speed of a device; longer than this and it will not. */
    private static final int RETRIES = 64;

    private final @Nullable RxQueue rx;
    private final @Nullable TxQueue tx;
    private final Mbuf[] burst;
    private final MbufRecycler recycler = new MbufRecycler();
    private long sent;
    private long dropped;

    /**
     * A stream.
     *
     * @param rx null for one that makes its packets itself
     * @param tx null for one that sends nothing
     * @param burstSize packets at a time
     */
    protected ForwardStream(@Nullable RxQueue rx, @Nullable TxQueue tx, int burstSize) {
        this.rx = rx;
        this.tx = tx;
        this.burst = new Mbuf[burstSize];
    }

    /**
     * Moves one burst.
     *
     * @return packets received, or made; 0 when there was nothing to do
     */
    protected abstract int run();

    /** The array that {@link #receive()} fills and {@link #send} sends. */
    protected final Mbuf[] burst() {
        return burst;
    }

    protected final MbufRecycler recycler() {
        return recycler;
    }

    protected final int receive() {
        RxQueue queue = rx;
        return queue == null ? 0 : queue.rxBurst(burst, 0, burst.length);
    }

    /**
     * Sends the first {@code count} packets of the burst; what the queue has no room for is freed.
     */
    protected final void send(int count) {
        TxQueue queue = tx;
        if (queue == null) {
            drop(0, count);
            return;
        }
        int n = queue.txBurst(burst, 0, count);
        if (n < count) {
            n = sendRest(queue, n, count);
        }
        sent += n;
    }

    private int sendRest(TxQueue queue, int done, int count) {
        int n = done;
        for (int retry = 0; retry < RETRIES && n < count; retry++) {
            Thread.onSpinWait();
            n += queue.txBurst(burst, n, count - n);
        }
        drop(n, count);
        return n;
    }

    private void drop(int from, int to) {
        recycler.free(burst, from, to - from);
        dropped += to - from;
    }

    /** Gives the sending port time for its leftovers; before a sleep. */
    final void reclaim() {
        TxQueue queue = tx;
        if (queue != null) {
            queue.reclaim();
        }
    }

    final @Nullable RxQueue rx() {
        return rx;
    }

    /** Packets that the transmit queue took. */
    public final long sent() {
        return sent;
    }

    /** Packets freed because the transmit queue stayed full. */
    public final long dropped() {
        return dropped;
    }

    /** Gives cached buffers back; after the thread ended. */
    @Override
    public void close() {
        recycler.close();
    }
}
