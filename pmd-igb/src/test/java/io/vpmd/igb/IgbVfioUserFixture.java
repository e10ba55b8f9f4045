// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.ServedModelFixture;
import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.hw.model.FrameQueue;

/** The device of {@link IgbModelFixture} behind a socket. */
final class IgbVfioUserFixture extends ServedModelFixture<IgbModel> {
    IgbVfioUserFixture(int number) {
        this(number, new FrameQueue());
    }

    private IgbVfioUserFixture(int number, FrameQueue wire) {
        super(
                "net_igb",
                IgbModelFixture.model(number, IgbModelChip.E82576, wire),
                wire,
                IgbDriver::new,
                new IgbDriver());
    }
}
