// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.hw.vfiouser.VfioUserBus;

/** Opens the bus to the device that a spec names. */
public final class Buses {
    private Buses() {}

    /**
     * Opens {@code driver:0000:01:00.0} through the bus of the kernel driver that has it: vfio-pci
     * makes it vfio; uio_pci_generic and igb_uio make it uio. Opens {@code
     * driver:vfio-user:/run/nic.sock} through the socket of the process that serves it.
     *
     * @throws SpecException when the device part is neither
     * @throws BusException when the device cannot be had; the message says what to do
     */
    public static Bus open(PortSpec spec) {
        if (VfioUserBus.matches(spec.device())) {
            return VfioUserBus.open(spec.device());
        }
        if (!PciAddress.matches(spec.device())) {
            throw new SpecException(
                    spec.toString(),
                    "\""
                            + spec.device()
                            + "\" is not a PCI address such as 0000:01:00.0, nor a socket such as"
                            + " vfio-user:/run/nic.sock");
        }
        PciAddress address = PciAddress.parse(spec.device());
        PciDevice device =
                PciDevice.at(address)
                        .orElseThrow(
                                () ->
                                        new BusException(
                                                "open",
                                                address.toString(),
                                                "there is no such PCI device",
                                                "see lspci -D for those that are there"));
        return open(device);
    }

    private static Bus open(PciDevice device) {
        String driver = device.driver().orElse("");
        if (driver.equals(VfioBus.DRIVER)) {
            return VfioBus.open(device);
        }
        if (UioBus.DRIVERS.contains(driver)) {
            return UioBus.open(device);
        }
        throw refused(device, driver);
    }

    static BusException refused(PciDevice device, String driver) {
        String suited = device.iommuGroup().isPresent() ? VfioBus.DRIVER : "uio_pci_generic";
        return new BusException(
                "open",
                device.address().toString(),
                driver.isEmpty() ? "it has no driver" : "the kernel's " + driver + " has it",
                "bind it: vpmd devbind -b " + suited + " " + device.address());
    }
}
