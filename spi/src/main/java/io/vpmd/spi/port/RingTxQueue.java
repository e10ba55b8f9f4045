// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufRecycler;

/** Puts packets into the ring that the peer's queue of the same number receives from. */
final class RingTxQueue extends TxQueue {
    /** A ring computes nothing: a packet that needs it would arrive broken. */
    private static final int NEEDS_WORK =
            MbufFlags.TX_MASK & ~(MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6);

    private static final int ETHERNET_HEADER = 14;

    private final RingLine line;
    private final boolean multiSegment;
    private final MbufRecycler recycler = new MbufRecycler();
    private int maxFrame;

    RingTxQueue(int index, RingLine line, boolean multiSegment, int maxFrame) {
        super(index);
        this.line = line;
        this.multiSegment = multiSegment;
        this.maxFrame = maxFrame;
    }

    /** Bytes of the longest frame from now on; no burst is running. */
    void setMaxFrame(int bytes) {
        maxFrame = bytes;
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            MbufRing ring = line.ring(index());
            if (ring == null || !ring.enter()) {
                recycler.free(from, at, count);
                countDropped(count);
                return count;
            }
            try {
                return send(ring, from, at, count);
            } finally {
                ring.leave();
            }
        } finally {
            leave();
        }
    }

    private int send(MbufRing ring, Mbuf[] from, int at, int count) {
        int n = ring.room(count);
        int sent = 0;
        long bytes = 0;
        for (int i = 0; i < n; i++) {
            Mbuf packet = from[at + i];
            if (wellFormed(packet)) {
                ring.set(sent++, packet);
                bytes += packet.packetLength();
            } else {
                recycler.free(packet);
            }
        }
        ring.publish(sent);
        countSent(sent, bytes);
        countErrors(n - sent);
        return n;
    }

    private boolean wellFormed(Mbuf packet) {
        int length = packet.packetLength();
        return length >= ETHERNET_HEADER
                && length <= maxFrame
                && (packet.segments() == 1 || multiSegment)
                && !packet.has(NEEDS_WORK);
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
