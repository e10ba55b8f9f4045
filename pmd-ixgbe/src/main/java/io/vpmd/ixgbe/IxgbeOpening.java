// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;

/** From a bus to a port: what must be true of a device before it is driven. */
final class IxgbeOpening {
    private IxgbeOpening() {}

    /** The bus is to one of the family. */
    static IxgbePort open(PortSpec spec, String name, Bus bus, boolean nvmChecked) {
        IxgbeChip.Model model =
                IxgbeChip.model(bus.config().vendorId(), bus.config().deviceId()).orElseThrow();
        IxgbeDevice device = IxgbeDevice.of(name, bus, model);
        device.semaphores().freeLeftOvers("open");
        device.reset().reset("open");
        IxgbeNvm nvm = device.nvm();
        if (nvmChecked) {
            nvm.check();
        }
        MacAddress mac = spec.macOption("mac").orElseGet(nvm::mac);
        return new IxgbePort(spec, bus, device, mac);
    }
}
