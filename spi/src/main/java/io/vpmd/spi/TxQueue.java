// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.Mbuf;

import java.util.Objects;

/** Sends packets on one port. One thread at a time. */
public abstract class TxQueue extends Queue {
    private long packets;
    private long bytes;
    private long dropped;
    private long errors;

    protected TxQueue(int index) {
        super(index);
    }

    /**
     * Sends packets in order. Never blocks, never allocates.
     *
     * <p>The first n packets belong to the port when it returns n, the rest stay the caller's. A
     * short return means that the queue is full and nothing else: a packet that cannot be sent is
     * consumed, freed and counted in {@code txErrors}, or in {@code txDropped} when the port or the
     * other side is not up to it. A port that is not started consumes everything, so that a loop
     * which retries always ends.
     *
     * @param from the packets at {@code from[at]} to {@code from[at + count - 1]}; the array itself
     *     is not kept
     * @return how many were consumed, 0 to {@code count}
     * @throws NullPointerException when the array or a packet is null; nothing is consumed then
     * @throws IndexOutOfBoundsException when {@code from} has no such range
     */
    public abstract int txBurst(Mbuf[] from, int at, int count);

    /** Frees packets that the device has finished with. Called by the thread that bursts. */
    public void reclaim() {}

    /** Checks the arguments of a burst as {@link #txBurst} promises. */
    protected static void checkBurst(Mbuf[] from, int at, int count) {
        Objects.checkFromIndexSize(at, count, from.length);
        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(from[at + i]);
        }
    }

    /**
     * Consumes a burst on a port that is not started. Uses no cache of the queue, which a control
     * thread may be emptying.
     *
     * @return {@code count}
     */
    protected final int discard(Mbuf[] from, int at, int count) {
        for (int i = 0; i < count; i++) {
            from[at + i].free();
        }
        dropped += count;
        return count;
    }

    /** Counts packets sent by this burst; on the burst thread. */
    protected final void countSent(int morePackets, long moreBytes) {
        packets += morePackets;
        bytes += moreBytes;
    }

    /** Counts packets consumed and not sent although well-formed. */
    protected final void countDropped(int more) {
        dropped += more;
    }

    /** Counts malformed packets. */
    protected final void countErrors(int more) {
        errors += more;
    }

    /** This queue's share of the port's counters; a decorator adds what it counts itself. */
    public PortStats stats() {
        return new PortStats(0, 0, packets, bytes, 0, dropped, 0, errors);
    }

    /** Gives back everything the queue holds. Called once, with no burst running, never again. */
    protected void release() {}

    @Override
    public String toString() {
        return "transmit queue " + index();
    }
}
