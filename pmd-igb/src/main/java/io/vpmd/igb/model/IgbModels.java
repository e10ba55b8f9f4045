// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelSpecs;

import java.util.List;

/** Makes the model that a spec asks for: {@code net_igb:model,wire=echo,chip=i210}. */
public final class IgbModels {
    private static final IgbModelChip STANDARD = IgbModelChip.E82576;

    private IgbModels() {}

    /** Whether the spec's device is a model: {@code model}, {@code model2}. */
    public static boolean names(PortSpec spec) {
        return ModelSpecs.names(spec);
    }

    /** What a model's spec may have beyond the driver's own options. */
    public static List<PortOption> options() {
        return ModelSpecs.options(IgbModelChip.names(), STANDARD.text(), IgbFault.values());
    }

    /**
     * Makes the device, its wire and its engine; closing the bus ends all three.
     *
     * @throws io.vpmd.spi.SpecException when a value is malformed
     * @throws io.vpmd.spi.PortException when the port of the wire cannot be opened
     */
    public static Bus open(PortSpec spec) {
        IgbModelChip chip =
                IgbModelChip.named(ModelSpecs.chip(spec, STANDARD.text()))
                        .orElseThrow(() -> ModelSpecs.badChip(spec, IgbModelChip.names()));
        List<IgbFault> faults = ModelSpecs.faults(spec, IgbFault.values());
        return ModelSpecs.open(
                spec,
                wire -> {
                    MacAddress mac = MacAddress.random();
                    IgbModel model =
                            new IgbModel(spec.device(), chip, mac, wire, ModelClock.SYSTEM);
                    faults.forEach(fault -> model.set(fault, true));
                    return model;
                });
    }
}
