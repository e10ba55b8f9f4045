// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.PortBusyException;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;

import java.util.Objects;

/** Receives what somebody puts into its {@link MbufRing}. */
final class RingRxQueue extends RxQueue {
    private final AbstractPort port;
    private final int portId;
    private final EventFd signal = new EventFd();
    private final MbufRing ring;

    RingRxQueue(AbstractPort port, int index, int capacity) {
        super(index);
        this.port = port;
        this.portId = port.id();
        this.ring = new MbufRing(capacity, signal);
    }

    /** Where the sending side puts packets. */
    MbufRing ring() {
        return ring;
    }

    @Override
    public int rxBurst(Mbuf[] into, int at, int max) {
        Objects.checkFromIndexSize(at, max, into.length);
        if (!enter()) {
            return 0;
        }
        try {
            int n = ring.take(into, at, max);
            long bytes = 0;
            for (int i = 0; i < n; i++) {
                Mbuf packet = into[at + i];
                // What the sender asked of its port is no business of the receiver.
                packet.setFlags(0);
                packet.setPacketType(0);
                packet.setPort(portId);
                bytes += packet.packetLength();
            }
            countReceived(n, bytes);
            return n;
        } finally {
            leave();
        }
    }

    @Override
    public boolean arm() {
        if (!enter()) {
            return true;
        }
        try {
            return ring.arm();
        } finally {
            leave();
        }
    }

    @Override
    public int eventFd() {
        return signal.fd();
    }

    /** Frees what was received and not taken; the sending side is kept out from now on. */
    void stop() {
        if (!ring.close(AbstractPort.QUIESCE_TIMEOUT_MILLIS)) {
            throw new PortBusyException(
                    "stop",
                    port.name(),
                    "the port that sends to " + this,
                    AbstractPort.QUIESCE_TIMEOUT_MILLIS);
        }
        ring.drain();
    }

    int held(MbufPool pool) {
        return ring.held(pool);
    }

    @Override
    protected void release() {
        signal.close();
    }
}
