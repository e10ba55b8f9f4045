// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the kernel and the distribution keep what is to be known of PCI devices.
 *
 * @param sys sysfs
 * @param proc procfs
 * @param modules folder of the running kernel's modules
 * @param pciIds names of vendors and devices
 */
public record SystemFolders(Path sys, Path proc, Path modules, Path pciIds) {
    /** Those of this machine. */
    public static SystemFolders ofThisMachine() {
        Path proc = Path.of("/proc");
        return new SystemFolders(
                Path.of("/sys"),
                proc,
                Path.of("/lib/modules", release(proc)),
                Path.of("/usr/share/misc/pci.ids"));
    }

    private static String release(Path proc) {
        try {
            return Files.readString(proc.resolve("sys/kernel/osrelease")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    Path devices() {
        return sys.resolve("bus/pci/devices");
    }

    Path driver(String name) {
        return sys.resolve("bus/pci/drivers").resolve(name);
    }
}
