// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.igb.model.IgbModels;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.nic.NicDriver;
import io.vpmd.spi.hw.nic.NicPort;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Function;

/**
 * Opens {@code net_igb:ADDRESS}, a gigabit NIC of the 82576 family, and {@code net_igb:model}, one
 * in software.
 */
public final class IgbDriver extends NicDriver {
    static final String NAME = "net_igb";

    private static final int BAR_BYTES = 0x20000;
    private static final Family FAMILY =
            new Family(
                    NAME,
                    "Intel 82576, 82580, I350, I354, I210 and I211 gigabit Ethernet",
                    "82576 family",
                    BAR_BYTES,
                    new Models(IgbModels::names, IgbModels.options(), IgbModels::open));

    /** Called by ServiceLoader. */
    public IgbDriver() {
        this(null);
    }

    /**
     * A driver for devices behind other buses, such as a test's.
     *
     * @param buses opens the bus to the device of a spec; the port closes it
     */
    public IgbDriver(@Nullable Function<PortSpec, Bus> buses) {
        super(FAMILY, buses);
    }

    @Override
    protected Optional<String> chip(int vendorId, int deviceId) {
        return IgbChip.model(vendorId, deviceId).map(model -> model.chip().toString());
    }

    @Override
    protected NicPort port(PortSpec spec, String name, Bus bus, boolean nvmChecked) {
        return IgbOpening.open(spec, name, bus, nvmChecked);
    }
}
