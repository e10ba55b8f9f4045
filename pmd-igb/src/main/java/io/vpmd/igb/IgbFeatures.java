// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.IdentifyLed;
import io.vpmd.spi.hw.nic.NicClock;
import io.vpmd.spi.hw.nic.PortEeprom;
import io.vpmd.spi.hw.nic.RssSettings;

import java.util.ArrayList;
import java.util.List;

/** What the port can do beyond the basics, each in a class of its own. */
final class IgbFeatures {
    private final RssSettings rss;
    private final IgbAddresses addresses;
    private final IgbVlans vlans;
    private final IgbFlowControl flowControl;
    private final NicClock clock;
    private final List<Object> all;

    IgbFeatures(IgbPort port, IgbDevice device, Bus bus, IgbCounters counters) {
        Registers regs = device.regs();
        IgbChip chip = device.model().chip();
        IgbLink link = device.link();
        // 7.1.2.8
        rss =
                new RssSettings(
                        port,
                        regs,
                        new RssSettings.Where(RSSRK, List.of(RETA), MRQC, MRQC_RSS, chip.queues));
        addresses = new IgbAddresses(port, regs, chip, port.mac());
        vlans = new IgbVlans(port, regs, chip);
        flowControl = new IgbFlowControl(port, regs, chip, link);
        clock = new NicClock(port, new IgbClock(regs, chip));
        int revision = bus.config().read(ConfigSpace.REVISION_ID, 1);
        List<Object> always =
                List.of(
                        rss,
                        addresses,
                        vlans,
                        flowControl,
                        new PortEeprom<>(port, device.nvm()),
                        IgbDump.of(port, regs, device.model(), counters, revision),
                        new IdentifyLed(port, regs, LEDCTL),
                        new IgbSpeeds(port, link),
                        new IgbSelfTest(port, device, bus),
                        clock);
        all = new ArrayList<>(always);
        if (IgbModule.possible(device)) {
            all.add(new IgbModule(port, device));
        }
    }

    List<Object> all() {
        return all;
    }

    IgbAddresses addresses() {
        return addresses;
    }

    IgbFlowControl flowControl() {
        return flowControl;
    }

    NicClock clock() {
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
