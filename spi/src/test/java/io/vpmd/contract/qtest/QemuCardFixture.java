// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import io.vpmd.contract.CableFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.spi.Port;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.Optional;

/** A card that QEMU emulates, and the other end of its cable. */
public abstract class QemuCardFixture extends CableFixture {
    private static final int FIN = 1;
    private static final int PSH = 1 << 3;

    private final long linkMillis;
    private final long noticeMicros;
    private Wire wire;
    private Port port;

    /**
     * A card, which is driven from here or from inside the guest.
     *
     * @param linkMillis how long the link may need to come up
     * @param noticeMicros longer than the port needs to notice that the link is another
     */
    protected QemuCardFixture(long linkMillis, long noticeMicros) {
        this.linkMillis = linkMillis;
        this.noticeMicros = noticeMicros;
    }

    /** The far end of the cable, for the case that begins. */
    protected abstract Wire wire();

    /** Tells QEMU that the cable is in, or not. */
    protected abstract void setLink(boolean up);

    @Override
    public void connect(Port started, MbufPool pool) {
        port = started;
        wire = wire();
        awaitLink(port, linkMillis);
    }

    @Override
    public void inject(byte[] frame) {
        wire.send(frame);
    }

    @Override
    public Optional<WireFrame> collect() {
        return wire.receive().map(WireFrame::new);
    }

    /** QEMU drops packets of more than 64 pieces; the device itself has no such limit. */
    @Override
    public int maxTxSegments() {
        return 60;
    }

    /** QEMU's segmentation takes both from the last segment as well. */
    @Override
    public int wrongTcpFlags() {
        return FIN | PSH;
    }

    /** Leaves the link up, because cases send afterwards. */
    @Override
    public boolean causeEvent() {
        setLink(false);
        Registers.delayMicros(noticeMicros);
        setLink(true);
        awaitLink(port, linkMillis);
        Registers.delayMicros(noticeMicros);
        return true;
    }
}
