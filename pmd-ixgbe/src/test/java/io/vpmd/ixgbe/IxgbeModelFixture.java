// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.ModelFixture;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelClock;

/** A device of the family in software. */
final class IxgbeModelFixture extends ModelFixture<IxgbeModel> {
    IxgbeModelFixture(int number) {
        this(number, IxgbeModelChip.E82599_KX4);
    }

    IxgbeModelFixture(int number, IxgbeModelChip chip) {
        this(number, chip, ModelClock.SYSTEM);
    }

    IxgbeModelFixture(int number, IxgbeModelChip chip, ModelClock clock) {
        this(number, chip, new FrameQueue(), clock);
    }

    private IxgbeModelFixture(int number, IxgbeModelChip chip, FrameQueue wire, ModelClock clock) {
        super("net_ixgbe:model" + number, model(number, chip, wire, clock), wire, IxgbeDriver::new);
    }

    static IxgbeModel model(int number, IxgbeModelChip chip, FrameQueue wire) {
        return model(number, chip, wire, ModelClock.SYSTEM);
    }

    private static IxgbeModel model(
            int number, IxgbeModelChip chip, FrameQueue wire, ModelClock clock) {
        MacAddress mac = new MacAddress(0x0200_0000_9900L + number);
        return new IxgbeModel("model" + number, chip, mac, wire, clock);
    }
}
