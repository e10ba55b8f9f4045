// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.Mbuf;

/** Receives packets of one port. One thread at a time. */
public abstract class RxQueue extends Queue {
    private long packets;
    private long bytes;
    private long dropped;
    private long errors;

    protected RxQueue(int index) {
        super(index);
    }

    /**
     * Takes up to {@code max} packets off the queue. Never blocks, never allocates.
     *
     * @param into receives them at {@code into[at]} and after; the caller owns them
     * @return how many, 0 to {@code max}; 0 on a port that is not started
     * @throws NullPointerException when {@code into} is null
     * @throws IndexOutOfBoundsException when {@code into} has no such range
     */
    public abstract int rxBurst(Mbuf[] into, int at, int max);

    /**
     * Asks for {@link #eventFd()} to become readable when packets arrive. Called by the thread that
     * bursts, after bursts that returned 0.
     *
     * @return false when packets are there already: burst again instead of sleeping
     */
    public boolean arm() {
        return true;
    }

    /** Descriptor to sleep on after {@link #arm()}, or -1 on a port that cannot signal. */
    public int eventFd() {
        return -1;
    }

    /** Counts packets handed out by this burst; on the burst thread. */
    protected final void countReceived(int morePackets, long moreBytes) {
        packets += morePackets;
        bytes += moreBytes;
    }

    /** Counts packets lost for want of a buffer or of room. */
    protected final void countDropped(int more) {
        dropped += more;
    }

    /** Counts packets that arrived broken. */
    protected final void countErrors(int more) {
        errors += more;
    }

    /** This queue's share of the port's counters; a decorator adds what it counts itself. */
    public PortStats stats() {
        return new PortStats(packets, bytes, 0, 0, dropped, 0, errors, 0);
    }

    /** Gives back everything the queue holds. Called once, with no burst running, never again. */
    protected void release() {}

    @Override
    public String toString() {
        return "receive queue " + index();
    }
}
