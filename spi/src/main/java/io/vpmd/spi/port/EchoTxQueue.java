// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.wire.Checksum;

import org.jspecify.annotations.Nullable;

/** Hands packets to the host behind the port, and its answers to the receive queue. */
final class EchoTxQueue extends TxQueue {
    private final EchoHost host;
    private final @Nullable MbufRing answers;
    private final FrameCheck check;
    private final MbufRecycler recycler = new MbufRecycler();

    /** A queue whose answers go into {@code answers}, or with null, nowhere. */
    EchoTxQueue(int index, EchoHost host, @Nullable MbufRing answers, FrameCheck check) {
        super(index);
        this.host = host;
        this.answers = answers;
        this.check = check;
    }

    EchoHost host() {
        return host;
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
            int n = answers == null ? count : answers.room(count);
            int answered = 0;
            int broken = 0;
            long bytes = 0;
            for (int i = 0; i < n; i++) {
                Mbuf packet = from[at + i];
                int length = packet.packetLength();
                boolean wellFormed = wellFormed(packet);
                if (wellFormed && host.answer(packet) && answers != null) {
                    answers.set(answered++, packet);
                } else {
                    recycler.free(packet);
                }
                bytes += wellFormed ? length : 0;
                broken += wellFormed ? 0 : 1;
            }
            if (answers != null) {
                answers.publish(answered);
            }
            countSent(n - broken, bytes);
            countErrors(broken);
            return n;
        } finally {
            leave();
        }
    }

    private boolean wellFormed(Mbuf packet) {
        return check.wellFormed(packet)
                && (!packet.has(MbufFlags.TX_IP_CKSUM | MbufFlags.TX_L4_MASK)
                        || Checksum.complete(packet));
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
