// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.DeviceInfo;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Buses;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.PciDevice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Opens devices on any bus, and models of them in software. */
public abstract class NicDriver implements PortDriver {
    private static final String UNCHECKED = "unchecked";
    /* What the bus answers for a device that is not there. */
    private static final int NOBODY = 0xffff;

    private final Family family;
    private final @Nullable Function<PortSpec, Bus> buses;

    /**
     * The devices of a driver.
     *
     * @param driver name of the driver
     * @param description in a line
     * @param family what its devices are called together, for messages
     * @param barBytes of BAR 0 that it needs
     * @param models in software
     */
    public record Family(
            String driver, String description, String family, int barBytes, Models models) {}

    /**
     * The models of a family.
     *
     * @param names whether a spec's device is one
     * @param options that a model's spec may have beyond the driver's own
     * @param open makes the device; closing the bus ends it
     */
    public record Models(
            Predicate<PortSpec> names, List<PortOption> options, Function<PortSpec, Bus> open) {
        public Models {
            options = List.copyOf(options);
        }
    }

    /**
     * A driver of a family.
     *
     * @param buses opens the bus to the device of a spec; null for those that there are
     */
    protected NicDriver(Family family, @Nullable Function<PortSpec, Bus> buses) {
        this.family = family;
        this.buses = buses;
    }

    /** What a device with these ids is called, empty for one of no member of the family. */
    protected abstract Optional<String> chip(int vendorId, int deviceId);

    /**
     * Why a device with these ids is not driven though it is of the family, in half a sentence;
     * empty for one that is, and for one of another family.
     */
    protected Optional<String> refusal(int vendorId, int deviceId) {
        return Optional.empty();
    }

    /**
     * Resets a device and makes its port.
     *
     * @param nvmChecked whether a wrong checksum of the NVM is an error
     */
    protected abstract NicPort port(PortSpec spec, String name, Bus bus, boolean nvmChecked);

    @Override
    public final String name() {
        return family.driver();
    }

    @Override
    public final String description() {
        return family.description();
    }

    @Override
    public final List<PortOption> options() {
        List<PortOption> all = new ArrayList<>();
        all.add(new PortOption("mac", "MAC address", "the NVM's", "address of the port"));
        all.add(
                new PortOption(
                        "nvm",
                        "checked|" + UNCHECKED,
                        "checked",
                        "whether a wrong NVM checksum is an error"));
        all.addAll(family.models().options());
        return List.copyOf(all);
    }

    @Override
    public final List<DeviceInfo> probe() {
        List<DeviceInfo> found = new ArrayList<>();
        for (PciDevice device : PciDevice.all()) {
            chip(device.vendorId(), device.deviceId())
                    .map(chip -> chip + ", " + device.state())
                    .ifPresent(
                            text -> found.add(new DeviceInfo(device.address().toString(), text)));
        }
        return found;
    }

    /** The bus is closed when this fails. */
    @Override
    public final AbstractPort open(PortSpec spec) {
        Bus bus = buses == null ? bus(spec) : buses.apply(spec);
        try {
            String name = spec.driver() + ":" + spec.device();
            check(name, bus);
            NicPort port = port(spec, name, bus, !spec.option("nvm", "").equals(UNCHECKED));
            port.begin();
            return port;
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    private Bus bus(PortSpec spec) {
        Models models = family.models();
        if (models.names().test(spec)) {
            return models.open().apply(spec);
        }
        for (PortOption option : models.options()) {
            if (spec.option(option.key()).isPresent()) {
                throw new SpecException(
                        spec.toString(),
                        "the option "
                                + option.key()
                                + " is for "
                                + name()
                                + ":model only; leave it out");
            }
        }
        return Buses.open(spec);
    }

    private void check(String name, Bus bus) {
        int vendor = bus.config().vendorId();
        int device = bus.config().deviceId();
        if (vendor == NOBODY) {
            throw new PortException(
                    "open",
                    name,
                    "its configuration reads as all ones: the device is gone",
                    "plug it in again, or let the kernel look for it (echo 1 >"
                            + " /sys/bus/pci/rescan)");
        }
        String ids = String.format(Locale.ROOT, "device %04x:%04x", vendor, device);
        Optional<String> reason = refusal(vendor, device);
        if (reason.isPresent()) {
            throw new PortException(
                    "open",
                    name,
                    ids + " is not driven: " + reason.get(),
                    "leave it to the kernel's driver");
        }
        if (chip(vendor, device).isEmpty()) {
            throw new PortException(
                    "open",
                    name,
                    ids + " is none of the " + family.family(),
                    "name a device that is");
        }
        Mmio bar = bus.bar(0);
        if (bar.size() < family.barBytes()) {
            throw new PortException(
                    "open",
                    name,
                    "its register space has "
                            + bar.size()
                            + " bytes, less than "
                            + family.barBytes(),
                    "let the firmware assign BAR 0 anew (reboot, or remove and rescan the device)");
        }
    }
}
