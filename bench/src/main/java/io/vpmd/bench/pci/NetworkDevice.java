// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import io.vpmd.spi.hw.PciAddress;
import io.vpmd.spi.hw.PciDevice;

import java.util.List;

/**
 * A PCI device of the network class.
 *
 * @param pci what sysfs shows of it
 * @param name what it is called
 * @param interfaces the kernel's interfaces on it
 * @param unused other drivers that could have it: the kernel's modules, and loaded user space ones
 * @param use why it had better not be taken away from the kernel; empty when nothing says so
 * @param holders processes that drive it or another device of its IOMMU group
 */
public record NetworkDevice(
        PciDevice pci,
        String name,
        List<String> interfaces,
        List<String> unused,
        String use,
        List<String> holders) {
    /** Drivers that leave a device to a process. */
    public static final List<String> USER_SPACE = List.of("vfio-pci", "uio_pci_generic", "igb_uio");

    public NetworkDevice {
        interfaces = List.copyOf(interfaces);
        unused = List.copyOf(unused);
        holders = List.copyOf(holders);
    }

    public PciAddress address() {
        return pci.address();
    }

    /** Whether its driver leaves it to a process. */
    public boolean forUserSpace() {
        return pci.driver().map(USER_SPACE::contains).orElse(false);
    }
}
