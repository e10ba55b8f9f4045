// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufRecycler;

/** Puts packets into the ring that the peer's queue of the same number receives from. */
final class RingTxQueue extends TxQueue {
    private final RingLine line;
    private final FrameCheck check;
    private final MbufRecycler recycler = new MbufRecycler();

    RingTxQueue(int index, RingLine line, FrameCheck check) {
        super(index);
        this.line = line;
        this.check = check;
    }

    /** No burst is running. */
    void setMtu(int mtu) {
        check.setMtu(mtu);
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
            if (check.wellFormed(packet)) {
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

    @Override
    protected void release() {
        recycler.close();
    }
}
