// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.IdentifyLed;
import io.vpmd.spi.hw.nic.NicClock;
import io.vpmd.spi.hw.nic.PortEeprom;
import io.vpmd.spi.hw.nic.RssSettings;

import java.util.ArrayList;
import java.util.List;

/** What the port can do beyond the basics, each in a class of its own. */
final class IxgbeFeatures {
    private final RssSettings rss;
    private final IxgbeAddresses addresses;
    private final IxgbeVlans vlans;
    private final IxgbeFlowControl flowControl;
    private final IxgbeFlows flows;
    private final IxgbeRates rates;
    private final IxgbeClock counter;
    private final NicClock clock;
    private final List<Object> all;

    IxgbeFeatures(IxgbePort port, IxgbeDevice device, Bus bus, IxgbeCounters counters) {
        Registers regs = device.regs();
        IxgbeChip chip = device.model().chip();
        // 7.1.2.8; from the X550 on a table of 512 entries.
        List<Register> tables = chip.has(Trait.ERETA) ? List.of(RETA, ERETA) : List.of(RETA);
        rss =
                new RssSettings(
                        port,
                        regs,
                        new RssSettings.Where(RSSRK, tables, MRQC, MRQC_RSS, chip.rssQueues));
        addresses = new IxgbeAddresses(port, regs, port.mac());
        vlans = new IxgbeVlans(port, regs);
        flowControl = new IxgbeFlowControl(port, regs, device.mac(), device.link());
        flows = new IxgbeFlows(port, regs);
        rates = new IxgbeRates(port, regs, device.link());
        counter = new IxgbeClock(regs, chip, device.link());
        clock = new NicClock(port, counter);
        int revision = bus.config().read(ConfigSpace.REVISION_ID, 1);
        List<Object> always =
                List.of(
                        rss,
                        addresses,
                        vlans,
                        flowControl,
                        flows,
                        rates,
                        new PortEeprom<>(port, device.nvm()),
                        IxgbeDump.of(port, regs, device.model(), counters, revision),
                        new IdentifyLed(port, regs, LEDCTL),
                        new IxgbeSpeeds(port, device.link()),
                        new IxgbeSelfTest(port, device, bus));
        all = new ArrayList<>(always);
        if (!chip.has(Trait.NO_TIME)) {
            all.add(clock);
        }
        if (device.model().media() == IxgbeChip.Media.SFP) {
            all.add(new IxgbeModule(port, device.i2c()));
        }
    }

    List<Object> all() {
        return all;
    }

    IxgbeAddresses addresses() {
        return addresses;
    }

    IxgbeFlowControl flowControl() {
        return flowControl;
    }

    /** The link has come up, gone down or changed. */
    void linkChanged() {
        flowControl.apply();
        rates.apply();
        if (counter.outOfStep()) {
            clock.restart();
        }
    }

    /** Called every second. */
    void look() {
        clock.look();
    }

    void configure(PortConfig config) {
        rss.configure(config.rxQueues(), config.rxOffloads().contains(RxOffload.RSS_HASH));
        flows.configure(config.rxQueues());
    }

    /** Writes all settings that do not depend on a configuration; after a reset. */
    void apply(String operation) {
        addresses.apply();
        vlans.apply();
        flowControl.apply();
        flows.apply(operation);
        rates.apply();
        clock.apply();
    }

    /** Writes what depends on the queues; before a start. */
    void applyConfigured() {
        rss.apply();
    }
}
