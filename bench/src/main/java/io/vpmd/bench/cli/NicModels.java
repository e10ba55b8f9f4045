// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.Wire;

import java.util.Optional;

/** The NICs that {@code vpmd nic} can serve. */
public final class NicModels {
    /** Makes one of a kind. */
    @FunctionalInterface
    public interface Maker {
        /** A device after power-on; the wire stays the caller's. */
        DeviceModel make(String name, MacAddress mac, Wire wire);
    }

    private NicModels() {}

    /** What {@code --model} takes. */
    public static String names() {
        return IgbModelChip.names() + "|" + IxgbeModelChip.names();
    }

    /** The maker of the model with this name in any case. */
    public static Optional<Maker> named(String model) {
        Optional<Maker> igb =
                IgbModelChip.named(model)
                        .map(
                                chip ->
                                        (name, mac, wire) ->
                                                new IgbModel(
                                                        name, chip, mac, wire, ModelClock.SYSTEM));
        return igb.or(
                () ->
                        IxgbeModelChip.named(model)
                                .map(
                                        chip ->
                                                (name, mac, wire) ->
                                                        new IxgbeModel(
                                                                name,
                                                                chip,
                                                                mac,
                                                                wire,
                                                                ModelClock.SYSTEM)));
    }
}
