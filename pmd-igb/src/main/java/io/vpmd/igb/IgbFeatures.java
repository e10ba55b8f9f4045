// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.Registers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the port can do beyond the basics, each in a class of its own. */
final class IgbFeatures {
    private final IgbRss rss;
    private final IgbAddresses addresses;
    private final IgbVlans vlans;
    private final IgbFlowControl flowControl;
    private final IgbClock clock;
    private final List<Object> all;

    IgbFeatures(IgbPort port, IgbDevice device, Bus bus, IgbCounters counters, IgbQueues queues) {
        Registers regs = device.regs();
        IgbChip.Model model = device.model();
        IgbChip chip = model.chip();
        IgbNvm nvm = device.nvm();
        IgbLink link = device.link();
        rss = new IgbRss(port, regs);
        addresses = new IgbAddresses(port, regs, chip, port.mac());
        vlans = new IgbVlans(port, regs, chip);
        flowControl = new IgbFlowControl(port, regs, chip, link);
        clock = new IgbClock(port, regs, chip);
        int revision = bus.config().read(ConfigSpace.REVISION_ID, 1);
        List<Object> always =
                List.of(
                        rss,
                        addresses,
                        vlans,
                        flowControl,
                        nvm,
                        new IgbDump(port, regs, chip, counters, model.deviceId(), revision),
                        new IgbLed(port, regs),
                        new IgbSpeeds(port, link),
                        new IgbSelfTest(port, regs, chip, bus, nvm, link),
                        clock,
                        queues);
        all = new ArrayList<>(always);
        if (IgbModule.possible(device)) {
            all.add(new IgbModule(port, device));
        }
    }

    <F> Optional<F> find(Class<F> type) {
        return all.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    IgbAddresses addresses() {
        return addresses;
    }

    IgbFlowControl flowControl() {
        return flowControl;
    }

    IgbClock clock() {
        return clock;
    }

    void configure(PortConfig config) {
        rss.configure(config.rxQueues(), config.rxOffloads().contains(RxOffload.RSS_HASH));
    }

    /** Writes all settings that do not depend on a configuration; after a reset. */
    void apply() {
        addresses.apply();
        vlans.apply();
        flowControl.apply();
        clock.apply();
    }

    /** Writes what depends on the queues; before a start. */
    void applyConfigured() {
        rss.apply();
    }
}
