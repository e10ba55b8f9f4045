// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.hw.Bus;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What the specs of all models have: {@code DRIVER:model,wire=echo,chip=NAME,fault=A+B}. */
public final class ModelSpecs {
    private static final String WIRE = "wire";
    private static final String CHIP = "chip";
    private static final String FAULT = "fault";

    private ModelSpecs() {}

    /** Whether the spec's device is a model: {@code model}, {@code model2}. */
    public static boolean names(PortSpec spec) {
        return spec.device().matches("model[0-9]*");
    }

    /**
     * What a model's spec may have beyond the driver's own options.
     *
     * @param chips what the option for the chip takes
     * @param standard the chip without it
     * @param faults constants whose texts the option for faults takes
     */
    public static List<PortOption> options(String chips, String standard, Object[] faults) {
        return List.of(
                new PortOption(
                        WIRE, "SPEC", "unplugged", "model: the port at the other end of its cable"),
                new PortOption(CHIP, chips, standard, "model: which"),
                new PortOption(
                        FAULT,
                        String.join("+", Arrays.stream(faults).map(Object::toString).toList()),
                        "none",
                        "model: what is wrong with it"));
    }

    /** The chip that the spec names. */
    public static String chip(PortSpec spec, String standard) {
        return spec.option(CHIP, standard);
    }

    /**
     * Refuses the chip of a spec.
     *
     * @param chips what it may be
     */
    public static RuntimeException badChip(PortSpec spec, String chips) {
        return spec.bad(CHIP, spec.option(CHIP, ""), "one of " + chips);
    }

    /**
     * The faults of a spec.
     *
     * @param known all that there are
     * @throws io.vpmd.spi.SpecException when one is not known
     */
    public static <F> List<F> faults(PortSpec spec, F[] known) {
        String all = spec.option(FAULT, "");
        return Arrays.stream(all.split("\\+", -1))
                .filter(name -> !name.isEmpty())
                .map(
                        name ->
                                Arrays.stream(known)
                                        .filter(f -> f.toString().equalsIgnoreCase(name))
                                        .findFirst()
                                        .orElseThrow(
                                                () ->
                                                        spec.bad(
                                                                FAULT,
                                                                all,
                                                                "some of "
                                                                        + Arrays.toString(known))))
                .toList();
    }

    /**
     * Makes the wire of a spec, a device at it and its engine; closing the bus ends all three.
     *
     * @throws io.vpmd.spi.PortException when the port of the wire cannot be opened
     */
    public static Bus open(PortSpec spec, Function<Wire, DeviceModel> maker) {
        Wire wire =
                spec.option(WIRE)
                        .<Wire>map(s -> PortWire.open(spec.device(), s))
                        .orElse(Wire.UNPLUGGED);
        DeviceModel model = maker.apply(wire);
        ModelEngine engine = ModelEngine.start(model, wire);
        return new ModelBus(
                model,
                () -> {
                    engine.close();
                    wire.close();
                });
    }
}
