// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.CableFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.Optional;

/** A model's card behind /dev/vfio, seen from inside the guest, with an {@link InsideCable}. */
final class ServedFixture extends CableFixture {
    private static final long LINK_MILLIS = 20_000;
    /* The cable is pulled by another process, and the port is slow there. */
    private static final long NOTICE_MICROS = (100 + 2 * NicPort.WATCH_MILLIS) * 1_000L;

    private final String driver;
    private final int card;
    private Wire wire;
    private Port port;

    /** A card that vfio-pci has, for this driver of ours. */
    ServedFixture(String driver, int card) {
        this.driver = driver;
        this.card = card;
    }

    @Override
    public String spec() {
        return driver + ":" + GuestMachine.address(card);
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        port = started;
        wire = GuestWires.wire(card);
        awaitLink(port, LINK_MILLIS);
        GuestWires.drain(started);
    }

    @Override
    public void inject(byte[] frame) {
        wire.send(frame);
    }

    @Override
    public Optional<WireFrame> collect() {
        return wire.receive().map(WireFrame::unpadded);
    }

    @Override
    public long settleMillis() {
        return 20;
    }

    @Override
    public int fewRounds() {
        return GuestWires.FEW_ROUNDS;
    }

    /** Leaves the link up, because cases send afterwards. */
    @Override
    public boolean causeEvent() {
        wire.send(InsideCable.PULL);
        Registers.delayMicros(NOTICE_MICROS);
        wire.send(InsideCable.PLUG);
        Registers.delayMicros(NOTICE_MICROS);
        awaitLink(port, LINK_MILLIS);
        return true;
    }
}
