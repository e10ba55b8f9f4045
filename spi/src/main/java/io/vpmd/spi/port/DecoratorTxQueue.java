// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

/** A queue before a transmit queue of the port inside, which counts what it takes. */
abstract class DecoratorTxQueue extends TxQueue {
    private final TxQueue inner;

    DecoratorTxQueue(TxQueue inner) {
        super(inner.index());
        this.inner = inner;
    }

    final TxQueue inner() {
        return inner;
    }

    /** Sends inside the gate; arguments are checked. */
    abstract int send(Mbuf[] from, int at, int count);

    @Override
    public final int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            return send(from, at, count);
        } finally {
            leave();
        }
    }

    /** Hands over, inside the gate, what still waits here. */
    void flush() {}

    @Override
    public final void reclaim() {
        if (!enter()) {
            return;
        }
        try {
            flush();
            inner.reclaim();
        } finally {
            leave();
        }
    }

    @Override
    protected PortStats counted() {
        return super.counted().plus(inner.stats());
    }
}
