// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.model.ModelBus;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.hw.model.PortWire;
import io.vpmd.spi.hw.model.Wire;

import java.util.Arrays;
import java.util.List;

/** Makes the model that a spec asks for: {@code net_igb:model,wire=echo,chip=i210}. */
public final class IgbModels {
    private static final String WIRE = "wire";
    private static final String CHIP = "chip";
    private static final String FAULT = "fault";

    private IgbModels() {}

    /** Whether the spec's device is a model: {@code model}, {@code model2}. */
    public static boolean names(PortSpec spec) {
        return spec.device().matches("model[0-9]*");
    }

    /** What a model's spec may have beyond the driver's own options. */
    public static List<PortOption> options() {
        return List.of(
                new PortOption(
                        WIRE, "SPEC", "unplugged", "model: the port at the other end of its cable"),
                new PortOption(
                        CHIP, IgbModelChip.names(), IgbModelChip.E82576.text(), "model: which"),
                new PortOption(
                        FAULT,
                        String.join(
                                "+", Arrays.stream(IgbFault.values()).map(f -> "" + f).toList()),
                        "none",
                        "model: what is wrong with it"));
    }

    /**
     * Makes the device, its wire and its engine; closing the bus ends all three.
     *
     * @throws io.vpmd.spi.SpecException when a value is malformed
     * @throws io.vpmd.spi.PortException when the port of the wire cannot be opened
     */
    public static Bus open(PortSpec spec) {
        IgbModelChip chip =
                IgbModelChip.named(spec.option(CHIP, IgbModelChip.E82576.text()))
                        .orElseThrow(
                                () ->
                                        spec.bad(
                                                CHIP,
                                                spec.option(CHIP, ""),
                                                "one of " + IgbModelChip.names()));
        List<IgbFault> faults = faults(spec);
        Wire wire =
                spec.option(WIRE)
                        .<Wire>map(s -> PortWire.open(spec.device(), s))
                        .orElse(Wire.UNPLUGGED);
        IgbModel model =
                new IgbModel(spec.device(), chip, MacAddress.random(), wire, ModelClock.SYSTEM);
        faults.forEach(fault -> model.set(fault, true));
        ModelEngine engine = ModelEngine.start(model, wire);
        return new ModelBus(
                model,
                () -> {
                    engine.close();
                    wire.close();
                });
    }

    private static List<IgbFault> faults(PortSpec spec) {
        String all = spec.option(FAULT, "");
        return Arrays.stream(all.split("\\+", -1))
                .filter(name -> !name.isEmpty())
                .map(
                        name ->
                                IgbFault.named(name)
                                        .orElseThrow(
                                                () ->
                                                        spec.bad(
                                                                FAULT,
                                                                all,
                                                                "some of "
                                                                        + Arrays.toString(
                                                                                IgbFault
                                                                                        .values()))))
                .toList();
    }
}
