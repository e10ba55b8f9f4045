// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;

/** From a bus to a port: what must be true of a device before it is driven. */
final class IgbOpening {
    private IgbOpening() {}

    /** The bus is to one of the family. */
    static IgbPort open(PortSpec spec, String name, Bus bus, boolean nvmChecked) {
        IgbChip.Model model =
                IgbChip.model(bus.config().vendorId(), bus.config().deviceId()).orElseThrow();
        IgbDevice device = IgbDevice.of(name, bus, model);
        device.semaphores().freeLeftOvers("open");
        device.reset().reset("open");
        IgbNvm nvm = device.nvm();
        if (nvmChecked) {
            nvm.check();
        }
        MacAddress mac = spec.macOption("mac").orElseGet(nvm::mac);
        return new IgbPort(spec, bus, device, mac);
    }
}
