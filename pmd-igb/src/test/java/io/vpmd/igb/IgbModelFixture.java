// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.ModelFixture;
import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelClock;

/** A device of the family in software. */
final class IgbModelFixture extends ModelFixture<IgbModel> {
    IgbModelFixture(int number) {
        this(number, IgbModelChip.E82576);
    }

    IgbModelFixture(int number, IgbModelChip chip) {
        this(number, chip, new FrameQueue());
    }

    private IgbModelFixture(int number, IgbModelChip chip, FrameQueue wire) {
        super("net_igb:model" + number, model(number, chip, wire), wire, IgbDriver::new);
    }

    static IgbModel model(int number, IgbModelChip chip, FrameQueue wire) {
        MacAddress mac = new MacAddress(0x0200_0000_7600L + number);
        return new IgbModel("model" + number, chip, mac, wire, ModelClock.SYSTEM);
    }
}
