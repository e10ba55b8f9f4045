// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import io.vpmd.spi.hw.PciDevice;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Processes that have a device open: its file in /dev is among their descriptors. */
final class Holders {
    private final SystemFolders folders;

    Holders(SystemFolders folders) {
        this.folders = folders;
    }

    /** For example {@code process 4711 (kni)}; only what this user may see. */
    List<String> of(PciDevice device) {
        Set<String> files = files(device);
        List<String> found = new ArrayList<>();
        if (files.isEmpty()) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(folders.proc(), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), files)) {
                    found.add("process " + process.getFileName() + " (" + command(process) + ")");
                }
            }
        } catch (IOException e) {
            // Without procfs nobody can be seen.
        }
        return found;
    }

    private Set<String> files(PciDevice device) {
        Set<String> files = new HashSet<>();
        device.iommuGroup().ifPresent(group -> files.add("/dev/vfio/" + group));
        Path uio = folders.devices().resolve(device.address() + "/uio");
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(uio)) {
            numbers.forEach(n -> files.add("/dev/" + n.getFileName()));
        } catch (IOException e) {
            // Not with a uio driver.
        }
        return files;
    }

    /** A process may end, and its folder go, while it is read. */
    private static boolean holds(Path descriptors, Set<String> files) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                if (files.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Ended, or somebody else's.
        }
        return false;
    }

    private static String command(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
