// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.sys.EventFd;

import java.util.concurrent.ArrayBlockingQueue;

/** Sends into the ring that the receive queue of the same number empties. */
final class LoopTxQueue extends TxQueue {
    private final LoopPort port;
    private final Defect defect;
    private final ArrayBlockingQueue<Mbuf> ring;
    private final EventFd arrival;
    private Mbuf[] kept = {};
    private int keptAt;
    private int keptCount;
    private Mbuf held;
    private int sent;
    volatile Object garbage;

    LoopTxQueue(
            LoopPort port,
            int index,
            PortConfig config,
            ArrayBlockingQueue<Mbuf> ring,
            EventFd arrival) {
        super(index);
        this.port = port;
        this.defect = port.defect;
        this.ring = ring;
        this.arrival = arrival;
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        if (defect != Defect.CONSUMES_BEFORE_A_NULL) {
            checkBurst(from, at, count);
        }
        if (defect == Defect.STAYS_INSIDE_AFTER_A_REFUSAL && !enter()) {
            return discard(from, at, count);
        }
        if (!enter() && defect != Defect.IGNORES_THE_GATE_TO_SEND) {
            return defect == Defect.LEAVES_THE_REST_WHEN_STOPPED ? 0 : discard(from, at, count);
        }
        try {
            if (defect == Defect.KEEPS_THE_ARRAY) {
                return keep(from, at, count);
            }
            return send(from, at, count);
        } finally {
            leave();
        }
    }

    /** Defect: sends what the array holds at the next burst. */
    private int keep(Mbuf[] from, int at, int count) {
        int n = keptCount;
        keptCount = 0;
        send(kept, keptAt, n);
        kept = from;
        keptAt = at;
        keptCount = count;
        return count;
    }

    private int send(Mbuf[] from, int at, int count) {
        boolean wasEmpty = ring.isEmpty();
        int n = 0;
        while (n < count) {
            Mbuf m = from[at + n];
            if (bad(m)) {
                if (defect == Defect.SHORT_RETURN_FOR_A_BAD_PACKET) {
                    break;
                }
                m.free();
                countErrors(defect == Defect.BAD_PACKET_NOT_COUNTED ? 0 : 1);
            } else if (!sendGood(m)) {
                break;
            }
            n++;
        }
        if (wasEmpty && defect != Defect.NEVER_SIGNALS) {
            arrival.signal();
        }
        if (defect == Defect.ALLOCATES_TO_SEND) {
            garbage = new Object();
        }
        if (defect == Defect.FREES_THE_REST) {
            for (int i = n; i < count; i++) {
                from[at + i].free();
            }
        }
        return n;
    }

    private boolean bad(Mbuf m) {
        int length = m.packetLength();
        boolean chain = m.segments() > 1 && defect != Defect.CUTS_CHAINS;
        boolean request =
                (m.flags() & MbufFlags.TX_MASK) != 0
                        && defect != Defect.SENDS_WHAT_WAS_NOT_ASKED_FOR;
        return length < 14 || length > port.maxFrame || chain || request;
    }

    private boolean sendGood(Mbuf m) {
        int length = m.packetLength();
        if (!port.takes(m)) {
            m.free();
            countDropped(1);
            return true;
        }
        if (ring.remainingCapacity() < 2) {
            return false;
        }
        sent++;
        boolean now = sent % 100 == 50;
        if (defect == Defect.LOSES_A_PACKET && now) {
            m.free();
        } else if (defect == Defect.REORDERS_PACKETS && now) {
            held = m;
        } else if (defect != Defect.LEAKS_A_PACKET || !now) {
            ring.add(m);
        }
        if (held != null && !now) {
            ring.add(held);
            held = null;
        }
        countSent(defect == Defect.COUNTS_ONE_TOO_MANY && now ? 2 : 1, length);
        return true;
    }
}
