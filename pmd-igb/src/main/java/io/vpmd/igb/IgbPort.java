// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

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

/** A port of the 82576 family on any bus. */
final class IgbPort extends NicPort {
    private static final int RX_STOP_MICROS = 200;
    /* The link partner has stopped the transmitter with a pause frame. */
    private static final int STATUS_TXOFF = 1 << 4;

    private final Bus bus;
    private final Registers regs;
    private final IgbDevice device;
    private final IgbFilters filters;
    private final IgbFeatures features;

    IgbPort(PortSpec spec, Bus bus, IgbDevice device, MacAddress mac) {
        this(spec, bus, device, mac, new IgbCounters(device.regs(), device.model().chip()));
    }

    private IgbPort(
            PortSpec spec, Bus bus, IgbDevice device, MacAddress mac, IgbCounters counters) {
        super(
                spec,
                mac,
                IgbCapabilities.info(spec.device(), device.model().chip()),
                bus,
                parts(bus, device, counters));
        this.bus = bus;
        this.regs = device.regs();
        this.device = device;
        filters = new IgbFilters(regs, device.model().chip());
        features = new IgbFeatures(this, device, bus, counters);
    }

    private static Parts parts(Bus bus, IgbDevice device, IgbCounters counters) {
        Registers regs = device.regs();
        return new Parts(
                device.link(),
                new IgbInterrupts(bus, regs, device.model().chip()),
                counters,
                new TxWatch(regs, TDH, TDT, () -> (regs.read(STATUS) & STATUS_TXOFF) != 0));
    }

    @Override
    protected void resetDevice(String operation) {
        device.reset().reset(operation);
    }

    @Override
    protected void bringUp(String operation) {
        device.pll().lock(operation);
        device.reset().init();
        features.apply();
        device.link().setUp(operation);
    }

    @Override
    protected void configured(PortConfig config) {
        features.configure(config);
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        return added(
                new IgbRxQueue(
                        index,
                        id(),
                        bus,
                        regs,
                        pools().map(config.rxPool()),
                        config,
                        interrupt(index, config)));
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        return added(new IgbTxQueue(index, bus, regs, pools(), config));
    }

    /** 4.5.9 and 4.5.10. */
    @Override
    protected void prepare(PortConfig config) {
        filters.apply(config);
        features.applyConfigured();
        // Collision threshold and back-off of half duplex, 8.12.1.
        regs.write(TCTL, TCTL_EN | TCTL_PSP | 0xf << TCTL_CT_SHIFT | 0x40 << TCTL_BST_SHIFT);
    }

    @Override
    protected void openReceiver() {
        regs.change(RCTL, 0, RCTL_EN);
    }

    @Override
    protected void closeReceiver() {
        regs.change(RCTL, RCTL_EN, 0);
        regs.read(STATUS);
        Registers.delayMicros(RX_STOP_MICROS);
    }

    @Override
    protected void closeTransmitter() {
        regs.change(TCTL, TCTL_EN, 0);
    }

    @Override
    protected void shutDown() {
        try {
            device.reset().shutDown();
        } finally {
            // After the reset, which powers it up again.
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

    /** The partner may want other pause frames than the last one. */
    @Override
    protected void linkChanged() {
        features.flowControl().apply();
    }

    @Override
    protected void everySecond() {
        features.clock().look();
    }

    @Override
    protected List<Object> features() {
        return features.all();
    }
}
