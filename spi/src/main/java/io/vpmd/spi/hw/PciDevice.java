// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A PCI function as sysfs shows it.
 *
 * @param address where it is
 * @param vendorId for example 0x8086
 * @param deviceId the vendor's number
 * @param classCode class, subclass and programming interface in 24 bits; 0x020000 is Ethernet
 * @param driver the kernel driver that has it
 * @param iommuGroup its group, where an IOMMU is on
 */
public record PciDevice(
        PciAddress address,
        int vendorId,
        int deviceId,
        int classCode,
        Optional<String> driver,
        OptionalInt iommuGroup) {
    private static final Path DEVICES = Path.of("/sys/bus/pci/devices");

    /** All functions of this machine, by address; empty without PCI. */
    public static List<PciDevice> all() {
        return all(DEVICES);
    }

    /** The same of another folder than {@code /sys/bus/pci/devices}. */
    public static List<PciDevice> all(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.flatMap(p -> read(p).stream())
                    .sorted(Comparator.comparing(d -> d.address().toString()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The function at this address, if it is there. */
    public static Optional<PciDevice> at(PciAddress address) {
        return read(DEVICES.resolve(address.toString()));
    }

    /** Its folder in sysfs. */
    public static Path folder(PciAddress address) {
        return DEVICES.resolve(address.toString());
    }

    /** A device may go away while it is read. */
    private static Optional<PciDevice> read(Path folder) {
        try {
            return Optional.of(
                    new PciDevice(
                            PciAddress.parse(folder.getFileName().toString()),
                            number(folder, "vendor"),
                            number(folder, "device"),
                            number(folder, "class"),
                            link(folder, "driver"),
                            link(folder, "iommu_group")
                                    .map(g -> OptionalInt.of(Integer.parseInt(g)))
                                    .orElse(OptionalInt.empty())));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int number(Path folder, String file) throws IOException {
        return Integer.decode(Files.readString(folder.resolve(file)).strip());
    }

    private static Optional<String> link(Path folder, String file) throws IOException {
        Path link = folder.resolve(file);
        return Files.isSymbolicLink(link)
                ? Optional.of(Files.readSymbolicLink(link).getFileName().toString())
                : Optional.empty();
    }

    /** Who has it and how it is isolated, in a few words. */
    public String state() {
        return driver.map(d -> "driver " + d).orElse("no driver")
                + (iommuGroup.isPresent()
                        ? ", IOMMU group " + iommuGroup.getAsInt()
                        : ", no IOMMU group");
    }
}
