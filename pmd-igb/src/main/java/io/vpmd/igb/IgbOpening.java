// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Mmio;

import java.util.Locale;

/** From a bus to a port: what must be true of a device before it is driven. */
final class IgbOpening {
    private static final int BAR_BYTES = 0x20000;

    private IgbOpening() {}

    /** Takes over the bus, which is closed when this fails. */
    static IgbPort open(PortSpec spec, Bus bus) {
        try {
            return opened(spec, bus);
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    private static IgbPort opened(PortSpec spec, Bus bus) {
        String name = spec.driver() + ":" + spec.device();
        IgbChip.Model model = model(name, bus);
        Mmio bar = bus.bar(0);
        if (bar.size() < BAR_BYTES) {
            throw new PortException(
                    "open",
                    name,
                    "its register space has " + bar.size() + " bytes, less than " + BAR_BYTES,
                    "let the firmware assign BAR 0 anew (reboot, or remove and rescan the device)");
        }
        IgbDevice device = IgbDevice.of(name, bus, model);
        device.semaphores().freeLeftOvers("open");
        device.reset().reset("open");
        IgbNvm nvm = device.nvm();
        if (!spec.option("nvm", "").equals(IgbDriver.NVM_UNCHECKED)) {
            nvm.check();
        }
        MacAddress mac = spec.macOption("mac").orElseGet(nvm::mac);
        IgbPort port = new IgbPort(spec, bus, device, mac);
        port.begin();
        return port;
    }

    private static IgbChip.Model model(String name, Bus bus) {
        int vendor = bus.config().vendorId();
        int device = bus.config().deviceId();
        return IgbChip.model(vendor, device)
                .orElseThrow(
                        () ->
                                new PortException(
                                        "open",
                                        name,
                                        String.format(
                                                Locale.ROOT,
                                                "device %04x:%04x is none of the 82576 family",
                                                vendor,
                                                device),
                                        "name a device that is"));
    }
}
