// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufRecycler;

/** Frees what it is given. */
final class NullTxQueue extends TxQueue {
    private final MbufRecycler recycler = new MbufRecycler();
    private final byte[] sink;

    NullTxQueue(int index, boolean copy) {
        super(index);
        this.sink = new byte[copy ? 65536 : 0];
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            long bytes = 0;
            for (int i = 0; i < count; i++) {
                Mbuf packet = from[at + i];
                bytes += packet.packetLength();
                if (sink.length > 0) {
                    copy(packet);
                }
                recycler.free(packet);
            }
            countSent(count, bytes);
            return count;
        } finally {
            leave();
        }
    }

    private void copy(Mbuf packet) {
        for (Mbuf m = packet; m != null; m = m.next()) {
            m.bytes(0, sink, 0, m.dataLength());
        }
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
