// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.ixgbe.model.IxgbeModels;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.nic.NicDriver;
import io.vpmd.spi.hw.nic.NicPort;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Function;

/**
 * Opens {@code net_ixgbe:ADDRESS}, a ten-gigabit NIC of the 82599 family, and {@code
 * net_ixgbe:model}, one in software.
 */
public final class IxgbeDriver extends NicDriver {
    static final String NAME = "net_ixgbe";

    private static final int BAR_BYTES = 0x20000;
    private static final Family FAMILY =
            new Family(
                    NAME,
                    "Intel 82599, X540 and X550 10-gigabit Ethernet",
                    "82599 family",
                    BAR_BYTES,
                    new Models(IxgbeModels::names, IxgbeModels.options(), IxgbeModels::open));

    /** Called by ServiceLoader. */
    public IxgbeDriver() {
        this(null);
    }

    /**
     * A driver for devices behind other buses, such as a test's.
     *
     * @param buses opens the bus to the device of a spec; the port closes it
     */
    public IxgbeDriver(@Nullable Function<PortSpec, Bus> buses) {
        super(FAMILY, buses);
    }

    @Override
    protected Optional<String> chip(int vendorId, int deviceId) {
        return IxgbeChip.model(vendorId, deviceId).map(model -> model.chip().toString());
    }

    @Override
    protected Optional<String> refusal(int vendorId, int deviceId) {
        return vendorId == IxgbeChip.VENDOR ? IxgbeRefused.reason(deviceId) : Optional.empty();
    }

    @Override
    protected NicPort port(PortSpec spec, String name, Bus bus, boolean nvmChecked) {
        return IxgbeOpening.open(spec, name, bus, nvmChecked);
    }
}
