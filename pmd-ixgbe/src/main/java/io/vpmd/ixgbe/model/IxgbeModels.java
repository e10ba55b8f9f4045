// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelSpecs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the model that a spec asks for: {@code net_ixgbe:model,wire=echo,chip=82599-kx4}. */
public final class IxgbeModels {
    private static final String MODULE = "module";
    private static final IxgbeModelChip STANDARD = IxgbeModelChip.E82599_KX4;

    private IxgbeModels() {}

    /** Whether the spec's device is a model: {@code model}, {@code model2}. */
    public static boolean names(PortSpec spec) {
        return ModelSpecs.names(spec);
    }

    /** What a model's spec may have beyond the driver's own options. */
    public static List<PortOption> options() {
        List<PortOption> all =
                new ArrayList<>(
                        ModelSpecs.options(
                                IxgbeModelChip.names(), STANDARD.text(), IxgbeFault.values()));
        all.add(
                new PortOption(
                        MODULE,
                        IxgbeModelModule.names(),
                        IxgbeModelModule.SR.toString(),
                        "model of the 82599-sfp: what is in its cage"));
        return List.copyOf(all);
    }

    /**
     * Makes the device, its wire and its engine; closing the bus ends all three.
     *
     * @throws io.vpmd.spi.SpecException when a value is malformed
     * @throws io.vpmd.spi.PortException when the port of the wire cannot be opened
     */
    public static Bus open(PortSpec spec) {
        IxgbeModelChip chip =
                IxgbeModelChip.named(ModelSpecs.chip(spec, STANDARD.text()))
                        .orElseThrow(() -> ModelSpecs.badChip(spec, IxgbeModelChip.names()));
        Optional<IxgbeModelModule> module = module(spec, chip);
        List<IxgbeFault> faults = ModelSpecs.faults(spec, IxgbeFault.values());
        return ModelSpecs.open(
                spec,
                wire -> {
                    MacAddress mac = MacAddress.random();
                    IxgbeModel model =
                            new IxgbeModel(spec.device(), chip, mac, wire, ModelClock.SYSTEM);
                    faults.forEach(fault -> model.set(fault, true));
                    module.ifPresent(model::setModule);
                    return model;
                });
    }

    private static Optional<IxgbeModelModule> module(PortSpec spec, IxgbeModelChip chip) {
        Optional<String> name = spec.option(MODULE);
        if (name.isPresent() && chip != IxgbeModelChip.E82599_SFP) {
            throw spec.bad(MODULE, name.get(), "left out: only the 82599-sfp has a cage");
        }
        return name.map(
                text ->
                        IxgbeModelModule.named(text)
                                .orElseThrow(
                                        () ->
                                                spec.bad(
                                                        MODULE,
                                                        text,
                                                        "one of " + IxgbeModelModule.names())));
    }
}
