// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import java.util.function.LongSupplier;

/** Forwards between two queues, with the link layer addresses as they are or rewritten. */
final class RewriteStream {
    private static final long LOCAL_PEER = 0x0200_0000_0000L;

    private RewriteStream() {}

    /** The address that DPDK's testpmd assumes behind port number {@code index}. */
    static long peerMac(int index) {
        return LOCAL_PEER | index;
    }

    /** Untouched. */
    static final class Io extends ForwardStream {
        Io(RxQueue rx, TxQueue tx, int burstSize) {
            super(rx, tx, burstSize);
        }

        @Override
        protected int run() {
            int n = receive();
            if (n > 0) {
                send(n);
            }
            return n;
        }
    }

    /** From the sending port to its peer. */
    static final class Mac extends ForwardStream {
        private final long destination;
        private final LongSupplier source;

        Mac(RxQueue rx, TxQueue tx, int burstSize, long destination, LongSupplier source) {
            super(rx, tx, burstSize);
            this.destination = destination;
            this.source = source;
        }

        @Override
        protected int run() {
            int n = receive();
            if (n == 0) {
                return 0;
            }
            long own = source.getAsLong();
            Mbuf[] burst = burst();
            for (int i = 0; i < n; i++) {
                Mbuf m = burst[i];
                if (m.dataLength() >= 12) {
                    m.putLong(0, destination << 16 | own >>> 32);
                    m.putInt(8, (int) own);
                }
            }
            send(n);
            return n;
        }
    }

    /** Back to where it came from. */
    static final class MacSwap extends ForwardStream {
        MacSwap(RxQueue rx, TxQueue tx, int burstSize) {
            super(rx, tx, burstSize);
        }

        @Override
        protected int run() {
            int n = receive();
            if (n == 0) {
                return 0;
            }
            Mbuf[] burst = burst();
            for (int i = 0; i < n; i++) {
                swap(burst[i]);
            }
            send(n);
            return n;
        }
    }

    /** Exchanges the two addresses of a frame; leaves runts alone. */
    static void swap(Mbuf m) {
        if (m.dataLength() < 12) {
            return;
        }
        long first = m.longAt(0);
        long source = (first & 0xffff) << 32 | (m.intAt(8) & 0xffff_ffffL);
        m.putLong(0, source << 16 | first >>> 48);
        m.putInt(8, (int) (first >>> 16));
    }
}
