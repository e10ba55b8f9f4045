// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.Optional;

/** The other side of a loopback port is its queue pair 0. */
public class LoopbackFixture extends CableFixture {
    private final String spec;
    private final Mbuf[] one = new Mbuf[1];
    private Port other;
    private MbufPool pool;

    public LoopbackFixture(String spec) {
        this.spec = spec;
    }

    @Override
    public String spec() {
        return spec;
    }

    @Override
    public void connect(Port port, MbufPool sendPool) {
        far(port, sendPool);
    }

    /** Says whose queues are the other side. */
    final void far(Port port, MbufPool sendPool) {
        other = port;
        pool = sendPool;
    }

    @Override
    public void inject(byte[] frame) {
        TxQueue tx = other.txQueue(0);
        one[0] = TestFrames.packet(pool, frame);
        // Left over from an earlier use of the buffer; the port has to say what is right.
        one[0].setPort(-1);
        one[0].setPacketType(-1);
        Deadline deadline = Deadline.in(2_000);
        while (tx.txBurst(one, 0, 1) == 0) {
            deadline.check("the other side does not take a frame");
            tx.reclaim();
        }
    }

    @Override
    public Optional<WireFrame> collect() {
        RxQueue rx = other.rxQueue(0);
        if (rx.rxBurst(one, 0, 1) == 0) {
            return Optional.empty();
        }
        WireFrame frame = TestFrames.wireFrame(one[0]);
        one[0].free();
        return Optional.of(frame);
    }
}
