// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.pci.Binder;
import io.vpmd.bench.pci.InterfaceUse;
import io.vpmd.bench.pci.Inventory;
import io.vpmd.bench.pci.NetworkDevice;
import io.vpmd.bench.pci.SystemFolders;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ExitCode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** {@code vpmd devbind}. */
final class DevbindCommand extends BenchCommand {
    private final Value<Boolean> status =
            flag("-s,--status", "Show network devices with their drivers.");

    private final Value<String> driver =
            optional(
                    String.class,
                    "-b,--bind",
                    "DRIVER",
                    "Give the devices to this driver, such as vfio-pci or igb.");

    private final Value<Boolean> unbind =
            flag("-u,--unbind", "Take the devices from their drivers.");

    private final Value<Boolean> force =
            flag("--force", "Also when an interface has an address or a default route.");

    private final Value<Boolean> json = flag("--json", "Print the status as one line of JSON.");

    private final Value<List<String>> named =
            parameters("ADDRESS", "PCI addresses such as 0000:01:00.0 or 01:00.0, or interfaces.");

    private final SystemFolders folders;
    private final UnaryOperator<String> use;

    DevbindCommand() {
        this(SystemFolders.ofThisMachine(), InterfaceUse::of);
    }

    /** For tests: other folders, and another way to tell whether an interface is in use. */
    DevbindCommand(SystemFolders folders, UnaryOperator<String> use) {
        super(
                "devbind",
                "Shows which drivers network devices have, and gives them to others: to vfio-pci"
                        + " for ports of vpmd, back to the kernel's own for interfaces.");
        footer(
                "Refuses a device whose interface has an address or a default route (unless",
                "--force), and one that a process drives. For example",
                "  sudo vpmd devbind --status",
                "  sudo vpmd devbind -b vfio-pci 0000:01:00.0",
                "  sudo vpmd devbind -b igb 0000:01:00.0");
        this.folders = folders;
        this.use = use;
    }

    @Override
    public Integer call() {
        List<String> given = named.orNull();
        List<String> names = given == null ? List.of() : given;
        String wanted = driver.orNull();
        checkUsage(names, wanted != null);
        Inventory inventory = new Inventory(folders, use);
        // All are looked at before anything is done to one.
        List<NetworkDevice> devices = names.stream().distinct().map(inventory::find).toList();
        Binder binder = new Binder(folders);
        binder.check(devices, force.get());
        if (wanted != null) {
            binder.checkDriver(wanted);
            devices.forEach(d -> out().println(binder.bind(d, wanted)));
        } else if (unbind.get()) {
            devices.forEach(d -> out().println(binder.unbind(d)));
        }
        if (status.get()) {
            print(inventory.devices());
        }
        return ExitCode.OK;
    }

    private void checkUsage(List<String> names, boolean bind) {
        if (bind && unbind.get()) {
            throw new UsageException("-b and -u contradict each other; give one of them");
        }
        boolean change = bind || unbind.get();
        if (!change && !status.get()) {
            throw new UsageException("say what to do: --status, -b DRIVER ADDRESS or -u ADDRESS");
        }
        if (change && names.isEmpty()) {
            throw new UsageException("which devices? see vpmd devbind --status");
        }
        if (!change && !names.isEmpty()) {
            throw new UsageException(
                    "--status shows all devices; leave " + names.getFirst() + " out");
        }
        if (json.get() && !status.get()) {
            throw new UsageException("--json goes with --status");
        }
    }

    private void print(List<NetworkDevice> devices) {
        if (json.get()) {
            out().println(Json.of(Map.of("devices", devices.stream().map(this::asMap).toList())));
            return;
        }
        print("Network devices using DPDK-compatible driver", devices, NetworkDevice::forUserSpace);
        print(
                "Network devices using kernel driver",
                devices,
                d -> d.pci().driver().isPresent() && !d.forUserSpace());
        print("Other Network devices", devices, d -> d.pci().driver().isEmpty());
        if (devices.isEmpty()) {
            out().println("No network devices on the PCI bus");
        }
    }

    private void print(String title, List<NetworkDevice> devices, Predicate<NetworkDevice> wanted) {
        List<NetworkDevice> some = devices.stream().filter(wanted).toList();
        if (!some.isEmpty()) {
            out().println(title);
            out().println("=".repeat(title.length()));
            some.forEach(d -> out().println(line(d)));
            out().println();
        }
    }

    private static String line(NetworkDevice device) {
        List<String> words = new ArrayList<>();
        words.add(device.address() + " '" + device.name() + "'");
        if (!device.interfaces().isEmpty()) {
            words.add("if=" + String.join(",", device.interfaces()));
        }
        device.pci().driver().ifPresent(d -> words.add("drv=" + d));
        words.add("unused=" + String.join(",", device.unused()));
        device.pci().iommuGroup().ifPresent(g -> words.add("group=" + g));
        if (!device.use().isEmpty()) {
            words.add("*Active*");
        }
        device.holders().forEach(h -> words.add("*" + h + "*"));
        return String.join(" ", words);
    }

    private Map<String, @Nullable Object> asMap(NetworkDevice device) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("address", device.address().toString());
        map.put("name", device.name());
        map.put("driver", device.pci().driver().orElse(null));
        map.put(
                "iommuGroup",
                device.pci().iommuGroup().isPresent()
                        ? device.pci().iommuGroup().getAsInt()
                        : null);
        map.put("interfaces", device.interfaces());
        map.put("unused", device.unused());
        map.put("use", device.use());
        map.put("holders", device.holders());
        return map;
    }
}
