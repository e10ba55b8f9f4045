// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.TxWatch;

import java.util.List;

/** A port of the 82599 family on any bus. */
final class IxgbePort extends NicPort {
    private final Bus bus;
    private final Registers regs;
    private final IxgbeDevice device;
    private final IxgbeCounters counters;
    private final IxgbeInterrupts interrupts;
    private final IxgbeFilters filters;
    private final IxgbeRsc rsc;
    private final IxgbeFeatures features;

    IxgbePort(PortSpec spec, Bus bus, IxgbeDevice device, MacAddress mac) {
        this(
                spec,
                bus,
                device,
                mac,
                new IxgbeInterrupts(bus, device.regs(), device.model()),
                new IxgbeCounters(device.regs()));
    }

    private IxgbePort(
            PortSpec spec,
            Bus bus,
            IxgbeDevice device,
            MacAddress mac,
            IxgbeInterrupts interrupts,
            IxgbeCounters counters) {
        super(
                spec,
                mac,
                IxgbeCapabilities.info(spec.device()),
                bus,
                parts(device, interrupts, counters));
        this.bus = bus;
        this.regs = device.regs();
        this.device = device;
        this.counters = counters;
        this.interrupts = interrupts;
        filters = new IxgbeFilters(regs);
        rsc = new IxgbeRsc(regs, interrupts);
        features = new IxgbeFeatures(this, device, bus, counters);
    }

    private static Parts parts(
            IxgbeDevice device, IxgbeInterrupts interrupts, IxgbeCounters counters) {
        Registers regs = device.regs();
        return new Parts(
                device.link(),
                interrupts,
                counters,
                new TxWatch(regs, TDH, TDT, counters::pausedSinceAsked));
    }

    @Override
    protected void resetDevice(String operation) {
        device.reset().reset(operation);
    }

    @Override
    protected void bringUp(String operation) {
        device.reset().init();
        counters.apply();
        features.apply(operation);
        device.link().setUp(operation);
    }

    @Override
    protected void configured(PortConfig config) {
        IxgbeRsc.check(name(), config);
        features.configure(config);
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        return added(
                new IxgbeRxQueue(
                        index,
                        id(),
                        bus,
                        regs,
                        device.model().chip(),
                        pools().map(config.rxPool()),
                        config,
                        interrupt(index, config)));
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        return added(new IxgbeTxQueue(index, bus, regs, pools(), config));
    }

    /** 4.6.7 and 4.6.8. */
    @Override
    protected void prepare(PortConfig config) {
        filters.apply(config);
        rsc.apply(config);
        features.applyConfigured();
    }

    @Override
    protected void openReceiver() {
        device.reset().openReceiver("start");
    }

    @Override
    protected void closeReceiver() {
        device.reset().closeReceiver("stop");
    }

    @Override
    protected void closeTransmitter() {
        regs.change(DMATXCTL, DMATXCTL_TE, 0);
    }

    @Override
    protected void shutDown() {
        try {
            device.reset().shutDown();
        } finally {
            device.link().shutDown();
        }
    }

    @Override
    protected boolean present() {
        return regs.read(STATUS) != -1;
    }

    @Override
    protected void onMac(MacAddress address) {
        features.addresses().setOwn(address);
    }

    @Override
    protected void writeMtu(int bytes) {
        filters.setMtu(bytes);
    }

    @Override
    protected void writePromiscuous(boolean promiscuous, boolean allmulticast) {
        filters.setPromiscuous(promiscuous, allmulticast);
    }

    @Override
    protected boolean dropsWhenFull() {
        return !features.flowControl().dropsNothing();
    }

    /** The partner may want other pause frames than the last one, or another speed. */
    @Override
    protected void linkChanged() {
        features.linkChanged();
    }

    @Override
    protected boolean wantsSetUp() {
        return interrupts.moduleCame();
    }

    /** Another module may be of another kind, and is dark until somebody lights it. */
    @Override
    protected void setUpLink() {
        device.link().setUp("link");
    }

    @Override
    protected void everySecond() {
        device.link().look();
        features.look();
    }

    @Override
    protected List<Object> features() {
        return features.all();
    }
}
