// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Gives devices to drivers, through sysfs. */
public final class Binder {
    private final SystemFolders folders;

    public Binder(SystemFolders folders) {
        this.folders = folders;
    }

    /**
     * Refuses what would harm: a device that a process drives, and, unless forced, one whose
     * interface is in use.
     *
     * @throws RunException with the first reason
     */
    public void check(List<NetworkDevice> devices, boolean force) {
        for (NetworkDevice device : devices) {
            if (!device.holders().isEmpty()) {
                throw new RunException(
                        device.address()
                                + " is in use by "
                                + device.holders().getFirst()
                                + "; end that first");
            }
            if (!device.use().isEmpty() && !force) {
                throw new RunException(
                        device.address()
                                + " is in use: "
                                + device.use()
                                + "; take that away first, or give --force");
            }
        }
    }

    /**
     * Refuses a driver that is not there.
     *
     * @throws RunException with the command that helps
     */
    public void checkDriver(String driver) {
        if (!driver.matches("[A-Za-z0-9_-]+") || !Files.isDirectory(folders.driver(driver))) {
            throw new RunException(
                    "the kernel has no PCI driver " + driver + " loaded; try: modprobe " + driver);
        }
    }

    /**
     * Gives a device to a driver; when that does not take it, back to the one it had.
     *
     * @return a line that says what was done
     */
    public String bind(NetworkDevice device, String driver) {
        Optional<String> before = device.pci().driver();
        if (before.isPresent() && before.get().equals(driver)) {
            return device.address() + " has the driver " + driver + " already";
        }
        if (driver.equals("vfio-pci") && device.pci().iommuGroup().isEmpty()) {
            throw new RunException(
                    device.address()
                            + " is in no IOMMU group, which vfio-pci needs; switch the IOMMU on in"
                            + " the firmware and boot with intel_iommu=on, or bind it to"
                            + " uio_pci_generic");
        }
        unbindFrom(device, before);
        try {
            attach(device, driver);
        } catch (RunException e) {
            throw before.isPresent() ? restored(device, before.get(), e) : e;
        }
        return device.address()
                + " has the driver "
                + driver
                + before.map(b -> ", before " + b).orElse("");
    }

    private RunException restored(NetworkDevice device, String before, RunException reason) {
        try {
            attach(device, before);
        } catch (RunException e) {
            reason.addSuppressed(e);
            return new RunException(
                    reason.getMessage() + "; now it has no driver, not even " + before, reason);
        }
        return reason;
    }

    /** The override makes the driver take a device that it does not list. */
    private void attach(NetworkDevice device, String driver) {
        String address = device.address().toString();
        Path override = folders.devices().resolve(address).resolve("driver_override");
        write(override, driver);
        try {
            write(folders.driver(driver).resolve("bind"), address);
        } finally {
            // A newline takes the override away: the next one is free to choose.
            write(override, "\n");
        }
    }

    /**
     * Takes a device from its driver.
     *
     * @return a line that says what was done
     */
    public String unbind(NetworkDevice device) {
        Optional<String> before = device.pci().driver();
        unbindFrom(device, before);
        return before.map(b -> device.address() + " has no driver, before " + b)
                .orElse(device.address() + " has no driver already");
    }

    private void unbindFrom(NetworkDevice device, Optional<String> driver) {
        driver.ifPresent(
                d -> write(folders.driver(d).resolve("unbind"), device.address().toString()));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new RunException(file + " cannot be written; run this as root", e);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage()).replace(file + ": ", "");
            throw new RunException(
                    "the kernel refuses "
                            + text.strip()
                            + " in "
                            + file
                            + ": "
                            + reason
                            + "; dmesg may say why",
                    e);
        }
    }
}
