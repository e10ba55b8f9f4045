// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelBus;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Assertions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A device in software that outlives its ports, and the other end of its cable. */
public class ModelFixture<M extends DeviceModel> extends CableFixture {
    private static final long LINK_MILLIS = 5_000;

    private final String spec;
    private final M model;
    private final FrameQueue wire;
    private final Function<Function<PortSpec, Bus>, PortDriver> drivers;
    private final ModelEngine engine;

    /**
     * A device that runs.
     *
     * @param spec of its ports
     * @param wire that the model has
     * @param drivers makes the driver for a bus
     */
    protected ModelFixture(
            String spec,
            M model,
            FrameQueue wire,
            Function<Function<PortSpec, Bus>, PortDriver> drivers) {
        this.spec = spec;
        this.model = model;
        this.wire = wire;
        this.drivers = drivers;
        engine = ModelEngine.start(model, wire);
    }

    public final M model() {
        return model;
    }

    public final FrameQueue wire() {
        return wire;
    }

    @Override
    public String spec() {
        return spec;
    }

    @Override
    public Port open() {
        PortDriver driver = drivers.apply(_ -> new ModelBus(model, () -> {}));
        return Ports.open(PortSpec.parse(spec()), List.of(driver));
    }

    @Override
    public final void connect(Port started, MbufPool pool) {
        awaitLink(started, LINK_MILLIS);
    }

    @Override
    public final void inject(byte[] frame) {
        wire.inject(frame);
    }

    /** Without the padding that the MAC adds: the kit compares lengths. */
    @Override
    public final Optional<WireFrame> collect() {
        return wire.collect().map(WireFrame::unpadded);
    }

    /** So long that the model's thread gets its turn on a machine that others use too. */
    @Override
    public final long settleMillis() {
        return 20;
    }

    @Override
    public final boolean causeEvent() {
        setCable(false);
        setCable(true);
        return true;
    }

    /** Returns when the driver has seen it. */
    public final void setCable(boolean in) {
        model.setCable(in);
        Registers.delayMicros(2 * NicPort.WATCH_MILLIS * 1_000);
    }

    @Override
    public final boolean removeDevice() {
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
