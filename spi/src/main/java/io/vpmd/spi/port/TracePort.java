// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

/** Writes a line about every packet. Made for looking, not for speed: it allocates. */
final class TracePort extends DecoratorPort {
    private static final int CHUNK = 64;

    private final TraceLog log;

    TracePort(PortSpec spec, Port inner) {
        super(spec, inner);
        log = TraceLog.of(spec, inner.name());
        listen();
    }

    @Override
    protected RxQueue decorate(RxQueue queue, PortConfig config) {
        return new Rx(queue);
    }

    @Override
    protected TxQueue decorate(TxQueue queue, PortConfig config) {
        return new Tx(queue);
    }

    @Override
    protected void onClose() {
        super.onClose();
        log.close();
    }

    private final class Rx extends DecoratorRxQueue {
        private final PacketSummary summary = new PacketSummary();

        Rx(RxQueue inner) {
            super(inner, id());
        }

        @Override
        int receive(Mbuf[] into, int at, int max) {
            int n = inner().rxBurst(into, at, max);
            String[] lines = new String[n];
            for (int i = 0; i < n; i++) {
                lines[i] = summary.of(into[at + i]);
            }
            if (n > 0) {
                log.write(lines, n, "rx" + index());
            }
            return n;
        }
    }

    private final class Tx extends DecoratorTxQueue {
        private final PacketSummary summary = new PacketSummary();
        private final String[] lines = new String[CHUNK];

        Tx(TxQueue inner) {
            super(inner);
        }

        @Override
        int send(Mbuf[] from, int at, int count) {
            int done = 0;
            while (done < count) {
                int chunk = Math.min(CHUNK, count - done);
                for (int i = 0; i < chunk; i++) {
                    lines[i] = summary.of(from[at + done + i]);
                }
                int n = inner().txBurst(from, at + done, chunk);
                if (n > 0) {
                    log.write(lines, n, "tx" + index());
                }
                done += n;
                if (n < chunk) {
                    break;
                }
            }
            return done;
        }
    }
}
