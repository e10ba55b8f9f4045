// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufRecycler;

/** Frees what it is given. */
final class NullTxQueue extends TxQueue {
    private final MbufRecycler recycler = new MbufRecycler();
    private final byte[] sink;
    private final FrameCheck check;

    NullTxQueue(int index, FrameCheck check, boolean copy) {
        super(index);
        this.check = check;
        this.sink = new byte[copy ? 65536 : 0];
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            int sent = 0;
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                Mbuf packet = from[at + i];
                if (check.wellFormed(packet)) {
                    sent++;
                    bytes += packet.packetLength();
                    copy(packet);
                }
                recycler.free(packet);
            }
            countSent(sent, bytes);
            countErrors(count - sent);
            return count;
        } finally {
            leave();
        }
    }

    /** No burst is running. */
    void setMtu(int mtu) {
        check.setMtu(mtu);
    }

    private void copy(Mbuf packet) {
        for (Mbuf m = sink.length == 0 ? null : packet; m != null; m = m.next()) {
            m.bytes(0, sink, 0, m.dataLength());
        }
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
