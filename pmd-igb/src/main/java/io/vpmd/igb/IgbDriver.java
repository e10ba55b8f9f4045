// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.igb.model.IgbModels;
import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.DeviceInfo;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Buses;
import io.vpmd.spi.hw.PciDevice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Opens {@code net_igb:ADDRESS}, a gigabit NIC of the 82576 family, and {@code net_igb:model}, one
 * in software.
 */
public final class IgbDriver implements PortDriver {
    static final String NAME = "net_igb";
    static final String NVM_UNCHECKED = "unchecked";

    private final Function<PortSpec, Bus> buses;

    /** Called by ServiceLoader. */
    public IgbDriver() {
        this(IgbDriver::bus);
    }

    /**
     * A driver for devices behind other buses, such as a test's.
     *
     * @param buses opens the bus to the device of a spec; the port closes it
     */
    public IgbDriver(Function<PortSpec, Bus> buses) {
        this.buses = buses;
    }

    private static Bus bus(PortSpec spec) {
        if (IgbModels.names(spec)) {
            return IgbModels.open(spec);
        }
        for (PortOption option : IgbModels.options()) {
            if (spec.option(option.key()).isPresent()) {
                throw new SpecException(
                        spec.toString(),
                        "the option " + option.key() + " is for net_igb:model only; leave it out");
            }
        }
        return Buses.open(spec);
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
        List<PortOption> all = new ArrayList<>();
        all.add(new PortOption("mac", "MAC address", "the NVM's", "address of the port"));
        all.add(
                new PortOption(
                        "nvm",
                        "checked|" + NVM_UNCHECKED,
                        "checked",
                        "whether a wrong NVM checksum is an error"));
        all.addAll(IgbModels.options());
        return List.copyOf(all);
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
        return IgbOpening.open(spec, buses.apply(spec));
    }
}
