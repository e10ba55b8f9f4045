// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import java.util.Objects;

/** A queue before a receive queue of the port inside. */
abstract class DecoratorRxQueue extends RxQueue {
    private final RxQueue inner;
    private final int portId;

    DecoratorRxQueue(RxQueue inner, int portId) {
        super(inner.index());
        this.inner = inner;
        this.portId = portId;
    }

    final RxQueue inner() {
        return inner;
    }

    /** Receives inside the gate; arguments are checked. */
    abstract int receive(Mbuf[] into, int at, int max);

    @Override
    public final int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            int n = receive(into, at, max);
            for (int i = 0; i < n; i++) {
                into[at + i].setPort(portId);
            }
            return n;
        } finally {
            leave();
        }
    }

    /** Whether packets wait here, before the queue inside. */
    boolean pending() {
        return false;
    }

    @Override
    public final boolean arm() {
        if (!enter()) {
            return true;
        }
        try {
            return !pending() && inner.arm();
        } finally {
            leave();
        }
    }

    @Override
    public final int eventFd() {
        return inner.eventFd();
    }

    @Override
    protected PortStats counted() {
        return super.counted().plus(inner.stats());
    }
}
