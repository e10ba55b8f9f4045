// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.CableFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelBus;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.hw.model.Wire;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.wire.Ethernet;

import org.junit.jupiter.api.Assertions;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A device in software that outlives its ports, and the other end of its cable. */
class IxgbeModelFixture extends CableFixture {
    private static final long LINK_MILLIS = 5_000;

    private final int number;
    private final FrameQueue wire = new FrameQueue();
    private final IxgbeModel model;
    private final ModelEngine engine;
    private Port port;

    IxgbeModelFixture(int number) {
        this(number, IxgbeModelChip.E82599_KX4);
    }

    IxgbeModelFixture(int number, IxgbeModelChip chip) {
        this.number = number;
        MacAddress mac = new MacAddress(0x0200_0000_9900L + number);
        model = new IxgbeModel("model" + number, chip, mac, wire, ModelClock.SYSTEM);
        engine = ModelEngine.start(model, wire);
    }

    IxgbeModel model() {
        return model;
    }

    FrameQueue wire() {
        return wire;
    }

    @Override
    public String spec() {
        return "net_ixgbe:model" + number;
    }

    @Override
    public Port open() {
        IxgbeDriver driver = new IxgbeDriver(spec -> new ModelBus(model, () -> {}));
        port = Ports.open(PortSpec.parse(spec()), List.of(driver));
        return port;
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        awaitLink(started, LINK_MILLIS);
    }

    @Override
    public void inject(byte[] frame) {
        wire.inject(frame);
    }

    /** Without the padding that the MAC adds: the kit compares lengths. */
    @Override
    public Optional<WireFrame> collect() {
        return wire.collect().map(f -> new WireFrame(Arrays.copyOf(f, unpadded(f))));
    }

    static int unpadded(byte[] frame) {
        if (frame.length > Wire.MIN_FRAME) {
            return frame.length;
        }
        ByteBuffer b = ByteBuffer.wrap(frame);
        int type = b.getShort(12) == (short) Ethernet.TYPE_VLAN ? 16 : 12;
        return switch (b.getShort(type) & 0xffff) {
            case Ethernet.TYPE_IPV4 -> type + 2 + b.getShort(type + 4);
            case Ethernet.TYPE_IPV6 -> type + 42 + b.getShort(type + 6);
            default -> frame.length;
        };
    }

    @Override
    public long settleMillis() {
        return 2;
    }

    @Override
    public boolean causeEvent() {
        setCable(false);
        setCable(true);
        return true;
    }

    /** Returns when the driver has seen it. */
    void setCable(boolean in) {
        model.setCable(in);
        Registers.delayMicros(2 * IxgbePort.WATCH_MILLIS * 1_000);
    }

    @Override
    public boolean removeDevice() {
        model.remove();
        return true;
    }

    @Override
    public void close() {
        engine.close();
        Assertions.assertEquals(
                Map.of(), model.violations().all(), "what the data sheet does not allow");
        Assertions.assertEquals(0, model.dma().faults(), model.dma()::lastFault);
    }
}
