// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.pci;

import io.vpmd.bench.app.UsageException;
import io.vpmd.spi.hw.PciAddress;
import io.vpmd.spi.hw.PciDevice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The network devices of a machine as they are at the moment. */
public final class Inventory {
    private static final int NETWORK_CLASS = 0x02;
    private static final int CLASS_SHIFT = 16;

    private final SystemFolders folders;
    private final UnaryOperator<String> use;
    private final PciNames names;
    private final Holders holders;

    /**
     * An inventory that is taken anew by each call.
     *
     * @param use says of an interface why it is in use, or the empty string
     */
    public Inventory(SystemFolders folders, UnaryOperator<String> use) {
        this.folders = folders;
        this.use = use;
        names = new PciNames(folders);
        holders = new Holders(folders);
    }

    /** All network devices, by address. */
    public List<NetworkDevice> devices() {
        return PciDevice.all(folders.devices()).stream()
                .filter(d -> d.classCode() >>> CLASS_SHIFT == NETWORK_CLASS)
                .map(this::describe)
                .toList();
    }

    private NetworkDevice describe(PciDevice device) {
        List<String> interfaces = interfaces(device.address());
        String reasons =
                String.join(", ", interfaces.stream().map(use).filter(r -> !r.isEmpty()).toList());
        return new NetworkDevice(
                device,
                names.name(device),
                interfaces,
                unused(device),
                reasons,
                holders.of(device));
    }

    private List<String> interfaces(PciAddress address) {
        Path folder = folders.devices().resolve(address.toString());
        List<String> found = new ArrayList<>(entries(folder.resolve("net")));
        // A virtio card's interface belongs to the device below the PCI device.
        for (String below : entries(folder)) {
            if (below.startsWith("virtio")) {
                found.addAll(entries(folder.resolve(below).resolve("net")));
            }
        }
        return found;
    }

    private List<String> unused(PciDevice device) {
        TreeSet<String> all = new TreeSet<>(names.modules(device));
        for (String driver : NetworkDevice.USER_SPACE) {
            if (Files.isDirectory(folders.driver(driver))) {
                all.add(driver);
            }
        }
        device.driver().ifPresent(all::remove);
        return List.copyOf(all);
    }

    /**
     * The device that a user names by its address, in full or without the domain, or by its
     * interface.
     *
     * @throws UsageException when there is none
     */
    public NetworkDevice find(String name) {
        List<NetworkDevice> all = devices();
        for (NetworkDevice device : all) {
            if (device.interfaces().contains(name)
                    || (PciAddress.matches(name)
                            && device.address().equals(PciAddress.parse(name)))) {
                return device;
            }
        }
        if (!PciAddress.matches(name)) {
            throw new UsageException(
                    "\""
                            + name
                            + "\" is neither a PCI address such as 0000:01:00.0 nor an interface on"
                            + " a PCI device; see vpmd devbind --status");
        }
        PciAddress address = PciAddress.parse(name);
        throw new UsageException(
                Files.exists(folders.devices().resolve(address.toString()))
                        ? address + " is not a network device; see vpmd devbind --status"
                        : "there is no PCI device " + address + "; see vpmd devbind --status");
    }

    private static List<String> entries(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
