// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import java.util.Map;

/** Writes every packet of the port inside to a pcapng file. */
final class CapturePort extends DecoratorPort {
    private static final int CHUNK = 256;

    private final int snapLength;
    private final int ringBytes;
    private final CaptureFile file;

    CapturePort(PortSpec spec, Port inner) {
        super(spec, inner);
        snapLength =
                spec.intOption("snaplen", CaptureDriver.MAX_SNAPLEN, 14, CaptureDriver.MAX_SNAPLEN);
        ringBytes = Integer.highestOneBit(spec.intOption("buffer", 4, 1, 256)) << 20;
        file = CaptureFile.create(spec.device(), name(), inner.name(), snapLength);
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

    private CaptureRing newRing(int direction, int queue) {
        CaptureRing ring = new CaptureRing(ringBytes, snapLength, direction, queue);
        file.add(ring);
        return ring;
    }

    @Override
    protected void onClose() {
        try {
            super.onClose();
        } finally {
            file.close();
        }
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        to.put("capture_packets", file.packets());
        to.put("capture_dropped", file.dropped());
        super.addXstats(to);
    }

    private final class Rx extends DecoratorRxQueue {
        private final CaptureRing ring = newRing(Pcapng.INBOUND, index());

        Rx(RxQueue inner) {
            super(inner, id());
        }

        @Override
        int receive(Mbuf[] into, int at, int max) {
            int n = inner().rxBurst(into, at, max);
            if (n > 0) {
                long time = file.nowNanos();
                int lost = 0;
                for (int i = 0; i < n; i++) {
                    lost += ring.stage(into[at + i], time) < 0 ? 1 : 0;
                }
                ring.publish(ring.position(), n, lost);
            }
            return n;
        }

        @Override
        protected void release() {
            ring.finish();
        }
    }

    private final class Tx extends DecoratorTxQueue {
        private final CaptureRing ring = newRing(Pcapng.OUTBOUND, index());
        private final long[] ends = new long[CHUNK];

        Tx(TxQueue inner) {
            super(inner);
        }

        @Override
        int send(Mbuf[] from, int at, int count) {
            int done = 0;
            while (done < count) {
                int chunk = Math.min(CHUNK, count - done);
                int n = sendChunk(from, at + done, chunk);
                done += n;
                if (n < chunk) {
                    break;
                }
            }
            return done;
        }

        /** Copies before the packets are sent, and keeps the copies of those that were. */
        private int sendChunk(Mbuf[] from, int at, int count) {
            long time = file.nowNanos();
            long begin = ring.position();
            for (int i = 0; i < count; i++) {
                ends[i] = ring.stage(from[at + i], time);
            }
            int n = inner().txBurst(from, at, count);
            long end = begin;
            int lost = 0;
            for (int i = 0; i < n; i++) {
                end = ends[i] < 0 ? end : ends[i];
                lost += ends[i] < 0 ? 1 : 0;
            }
            ring.publish(end, n, lost);
            return n;
        }

        @Override
        protected void release() {
            ring.finish();
        }
    }
}
