// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.DeviceInfo;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Buses;
import io.vpmd.spi.hw.PciDevice;

import java.util.List;
import java.util.function.Function;

/** Opens {@code net_igb:ADDRESS}, a gigabit NIC of the 82576 family. */
public final class IgbDriver implements PortDriver {
    static final String NAME = "net_igb";
    static final String NVM_UNCHECKED = "unchecked";

    private final Function<PortSpec, Bus> buses;

    /** Called by ServiceLoader. */
    public IgbDriver() {
        this(Buses::open);
    }

    /**
     * A driver for devices behind other buses, such as a test's.
     *
     * @param buses opens the bus to the device of a spec; the port closes it
     */
    public IgbDriver(Function<PortSpec, Bus> buses) {
        this.buses = buses;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Intel 82576, 82580, I350, I354, I210 and I211 gigabit Ethernet";
    }

    @Override
    public List<PortOption> options() {
        return List.of(
                new PortOption("mac", "MAC address", "the NVM's", "address of the port"),
                new PortOption(
                        "nvm",
                        "checked|" + NVM_UNCHECKED,
                        "checked",
                        "whether a wrong NVM checksum is an error"));
    }

    @Override
    public List<DeviceInfo> probe() {
        return PciDevice.all().stream()
                .filter(d -> IgbChip.model(d.vendorId(), d.deviceId()).isPresent())
                .map(d -> new DeviceInfo(d.address().toString(), describe(d)))
                .toList();
    }

    private static String describe(PciDevice device) {
        IgbChip.Model model = IgbChip.model(device.vendorId(), device.deviceId()).orElseThrow();
        return model.chip() + ", " + device.state();
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return IgbPort.open(spec, buses.apply(spec));
    }
}
