// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import io.vpmd.spi.hw.PciDevice;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the distribution says of devices: their names, and the kernel's modules for them. */
final class PciNames {
    private final SystemFolders folders;

    PciNames(SystemFolders folders) {
        this.folders = folders;
    }

    /** A device's name, or its numbers where pci.ids is not installed or does not have it. */
    String name(PciDevice device) {
        String numbers =
                String.format(Locale.ROOT, "%04x:%04x", device.vendorId(), device.deviceId());
        String vendor = String.format(Locale.ROOT, "%04x  ", device.vendorId());
        String entry = String.format(Locale.ROOT, "\t%04x  ", device.deviceId());
        boolean inside = false;
        for (String line : lines(folders.pciIds())) {
            if (inside && line.startsWith(entry)) {
                return line.substring(entry.length()).strip() + " " + numbers;
            }
            if (!line.startsWith("\t") && !line.startsWith("#")) {
                inside = line.startsWith(vendor);
            }
        }
        return "Device " + numbers;
    }

    /** The kernel's modules that say they can drive the device. */
    List<String> modules(PciDevice device) {
        List<String> alias = lines(folders.devices().resolve(device.address() + "/modalias"));
        if (alias.isEmpty()) {
            return List.of();
        }
        TreeSet<String> found = new TreeSet<>();
        for (String line : lines(folders.modules().resolve("modules.alias"))) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 3
                    && parts[1].startsWith("pci:")
                    && matches(parts[1], alias.getFirst())) {
                found.add(parts[2]);
            }
        }
        return List.copyOf(found);
    }

    /** The wildcards of modules.alias are a shell's. */
    private static boolean matches(String pattern, String alias) {
        return FileSystems.getDefault()
                .getPathMatcher("glob:" + pattern)
                .matches(Path.of(alias.strip()));
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines =
                Files.lines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            return lines.toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
