// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.spi.DeviceInfo;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.Ports;

import picocli.CommandLine.ExitCode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code vpmd ports}. */
final class PortsCommand extends BenchCommand {
    private final Value<Boolean> json = flag("--json", "Print one line of JSON.");

    PortsCommand() {
        super(
                "ports",
                "Lists the drivers, the options of their port specs, and the devices found.");
        footer(
                "A port spec is DRIVER:DEVICE[,KEY=VALUE]..., for example",
                "  net_kni:vEth0,mtu=1400",
                "  net_echo:0,ip=192.168.210.2",
                "A value that is a spec itself stands in square brackets, one with a comma in",
                "double quotes; echo, ring and null are short for net_echo:0, net_ring:0 and",
                "net_null:0.");
    }

    @Override
    public Integer call() {
        List<PortDriver> drivers = Ports.drivers();
        if (json.get()) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("drivers", drivers.stream().map(PortsCommand::asMap).toList());
            out().println(Json.of(all));
        } else {
            drivers.forEach(this::print);
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> asMap(PortDriver driver) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", driver.name());
        map.put("description", driver.description());
        map.put("options", driver.options().stream().map(PortsCommand::asMap).toList());
        map.put("devices", driver.probe().stream().map(PortsCommand::asMap).toList());
        return map;
    }

    private static Map<String, String> asMap(PortOption option) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("key", option.key());
        map.put("values", option.values());
        map.put("default", option.defaultValue());
        map.put("description", option.description());
        return map;
    }

    private static Map<String, String> asMap(DeviceInfo device) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("device", device.device());
        map.put("description", device.description());
        return map;
    }

    private void print(PortDriver driver) {
        out().println(driver.name() + "  " + driver.description());
        TextTable options = new TextTable("  ");
        for (PortOption o : driver.options()) {
            String values = o.key() + "=" + o.values();
            options.row(values, o.description() + " (default " + o.defaultValue() + ")");
        }
        options.lines().forEach(out()::println);
        List<DeviceInfo> found = driver.probe();
        if (!found.isEmpty()) {
            out().println("  devices:");
            TextTable devices = new TextTable("    ");
            found.forEach(d -> devices.row(driver.name() + ":" + d.device(), d.description()));
            devices.lines().forEach(out()::println);
        }
        out().println();
    }
}
