// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import java.util.Objects;
import java.util.Set;

/** Sends packets on one port. One thread at a time. */
public abstract class TxQueue extends Queue {
    private static final int ETHERNET_HEADER = 14;
    private static final int IP_HEADER = 20;
    private static final int TCP_HEADER = 20;
    private static final int L4_SHIFT = Integer.numberOfTrailingZeros(MbufFlags.TX_L4_MASK);

    private long packets;
    private long bytes;
    private long dropped;
    private long errors;
    private final int refusedFlags;
    /* Bit n says whether value n of MbufFlags.TX_L4_MASK was requested. */
    private final int checksums;
    private final boolean multiSegment;
    private volatile PortStats base = PortStats.ZERO;

    /** A queue of a port without offloads. */
    protected TxQueue(int index) {
        this(index, Set.of());
    }

    /** A queue that does what {@code config} requests. */
    protected TxQueue(int index, PortConfig config) {
        this(index, config.txOffloads());
    }

    private TxQueue(int index, Set<TxOffload> requested) {
        super(index);
        multiSegment = requested.contains(TxOffload.MULTI_SEGMENT);
        refusedFlags =
                flag(!requested.contains(TxOffload.IPV4_CHECKSUM), MbufFlags.TX_IP_CKSUM)
                        | flag(!requested.contains(TxOffload.TCP_TSO), MbufFlags.TX_TSO)
                        | flag(!requested.contains(TxOffload.VLAN_INSERT), MbufFlags.TX_VLAN)
                        | flag(!requested.contains(TxOffload.QINQ_INSERT), MbufFlags.TX_QINQ)
                        | flag(!requested.contains(TxOffload.TIMESTAMP), MbufFlags.TX_TIMESTAMP);
        checksums =
                1
                        | flag(requested.contains(TxOffload.TCP_CHECKSUM), 1 << 1)
                        | flag(requested.contains(TxOffload.UDP_CHECKSUM), 1 << 2)
                        | flag(requested.contains(TxOffload.SCTP_CHECKSUM), 1 << 3);
    }

    private static int flag(boolean there, int bits) {
        return there ? bits : 0;
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
        checkPackets(from, at, count);
    }

    /** The half of {@link #checkBurst} that looks at each packet. */
    protected static void checkPackets(Mbuf[] from, int at, int count) {
        for (int i = 0; i < count; i++) {
            Objects.requireNonNull(from[at + i]);
        }
    }

    /**
     * Whether a packet can be sent: it has an Ethernet header, at most {@code maxLength} bytes
     * unless it is to be segmented, and asks for nothing that was not requested at configure. One
     * that is not well-formed is consumed and counted in {@link #countErrors}.
     */
    protected final boolean wellFormed(Mbuf packet, int maxLength) {
        int flags = packet.flags();
        int length = packet.packetLength();
        return length >= ETHERNET_HEADER
                && (flags & refusedFlags) == 0
                && (checksums >>> ((flags & MbufFlags.TX_L4_MASK) >>> L4_SHIFT) & 1) != 0
                && (multiSegment || packet.segments() == 1)
                && ((flags & MbufFlags.TX_TSO) != 0
                        ? segmentable(packet, maxLength)
                        : length <= maxLength);
    }

    private static boolean segmentable(Mbuf packet, int maxLength) {
        int l2 = packet.l2Length();
        int l3 = packet.l3Length();
        int l4 = packet.l4Length();
        int headers = l2 + l3 + l4;
        return l2 >= ETHERNET_HEADER
                && l3 >= IP_HEADER
                && l4 >= TCP_HEADER
                && headers < packet.packetLength()
                && packet.segmentSize() > 0
                && headers + packet.segmentSize() <= maxLength;
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

    /** This queue's share of the port's counters; a decorator adds those of the queue inside. */
    public PortStats stats() {
        return counted().minus(base);
    }

    private PortStats counted() {
        return new PortStats(0, 0, packets, bytes, 0, dropped, 0, errors);
    }

    final void resetStats() {
        base = counted();
    }

    /** Gives back everything the queue holds. Called once, with no burst running, never again. */
    protected void release() {}

    @Override
    public String toString() {
        return "transmit queue " + index();
    }
}
