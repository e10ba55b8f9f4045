// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.sys.EventFd;

import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;

/** Receives what the transmit queue of the same number sent. */
final class LoopRxQueue extends RxQueue {
    private final LoopPort port;
    private final Defect defect;
    private final ArrayBlockingQueue<Mbuf> ring;
    private final EventFd arrival;
    private Mbuf again;
    private int received;
    volatile Object garbage;

    LoopRxQueue(LoopPort port, int index, ArrayBlockingQueue<Mbuf> ring, EventFd arrival) {
        super(index);
        this.port = port;
        this.defect = port.defect;
        this.ring = ring;
        this.arrival = arrival;
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter() && defect != Defect.IGNORES_THE_GATE_TO_RECEIVE) {
            return 0;
        }
        try {
            if (defect == Defect.ALLOCATES_TO_RECEIVE) {
                garbage = new Object();
            }
            boolean greedy = defect == Defect.RECEIVES_MORE_THAN_ASKED && at + max < into.length;
            return receive(into, at, greedy ? max + 1 : max);
        } finally {
            leave();
        }
    }

    private int receive(Mbuf[] into, int at, int max) {
        int n = 0;
        long bytes = 0;
        while (n < max) {
            Mbuf m = next();
            if (m == null) {
                break;
            }
            int length = m.packetLength();
            if (defect != Defect.FORGETS_THE_PORT_NUMBER) {
                m.received(m.dataOffset(), length, port.id());
            }
            into[at + n++] = m;
            bytes += length;
        }
        if (defect == Defect.WRITES_OUTSIDE_ITS_RANGE && n > 0 && at + n < into.length) {
            into[at + n] = null;
        }
        countReceived(n, defect == Defect.COUNTS_WRONG_BYTES ? bytes + 4L * n : bytes);
        return n;
    }

    private Mbuf next() {
        Mbuf m = again != null ? again : ring.poll();
        again = null;
        if (m != null && defect == Defect.DOUBLES_A_PACKET && ++received % 100 == 50) {
            again = m;
        }
        return m;
    }

    @Override
    public boolean arm() {
        if (!enter()) {
            return true;
        }
        try {
            arrival.drain();
            return ring.isEmpty() || defect == Defect.ARMS_OVER_PACKETS;
        } finally {
            leave();
        }
    }

    @Override
    public int eventFd() {
        return arrival.fd();
    }
}
