// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What sysfs knows of a PCI function with a UIO driver. */
final class UioDevice {
    private static final long FLAG_MEMORY = 0x200;

    private final Path folder;
    private final String name;

    /** The function with this folder in sysfs. */
    UioDevice(Path folder) {
        this.folder = folder;
        this.name = folder.getFileName().toString();
    }

    /** Name of its character device below /dev, such as {@code uio0}. */
    String characterDevice() {
        try (Stream<Path> entries = Files.list(folder.resolve("uio"))) {
            return entries.map(p -> p.getFileName().toString())
                    .filter(n -> n.startsWith("uio"))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> refused("its UIO driver made no device", "see dmesg"));
        } catch (IOException e) {
            throw refused("its UIO driver made no device", "see dmesg");
        }
    }

    /** Bytes of a memory BAR. */
    long barBytes(int bar) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("resource"));
            String[] words = lines.get(bar).strip().split("\\s+", -1);
            long first = Long.decode(words[0]);
            long last = Long.decode(words[1]);
            boolean memory = (Long.decode(words[2]) & FLAG_MEMORY) != 0;
            if (memory && first != 0 && last > first) {
                return last - first + 1;
            }
        } catch (IOException | RuntimeException e) {
            // As for a BAR that is not there.
        }
        throw refused(
                "BAR " + bar + " cannot be mapped",
                "let the firmware assign it (reboot, or remove and rescan the device)");
    }

    /**
     * Refuses a device behind an IOMMU that translates: it would not find the physical addresses it
     * is told.
     */
    void checkUntranslated(int iommuGroup) {
        checkUntranslated(Path.of("/sys/kernel/iommu_groups/" + iommuGroup + "/type"));
    }

    void checkUntranslated(Path groupType) {
        String type;
        try {
            type = Files.readString(groupType).strip();
        } catch (IOException e) {
            type = "unknown";
        }
        if (!type.equals("identity")) {
            throw refused(
                    "an IOMMU translates its addresses (type "
                            + type
                            + "), and UIO cannot set it up",
                    "bind it to vfio-pci: vpmd devbind -b vfio-pci " + name);
        }
    }

    private BusException refused(String problem, String nextStep) {
        return new BusException("open", name, problem, nextStep);
    }
}
