// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.ServedModelFixture;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.hw.model.FrameQueue;

/** The device of {@link IxgbeModelFixture} behind a socket. */
final class IxgbeVfioUserFixture extends ServedModelFixture<IxgbeModel> {
    IxgbeVfioUserFixture(int number) {
        this(number, new FrameQueue());
    }

    private IxgbeVfioUserFixture(int number, FrameQueue wire) {
        super(
                "net_ixgbe",
                IxgbeModelFixture.model(number, IxgbeModelChip.E82599_KX4, wire),
                wire,
                IxgbeDriver::new,
                new IxgbeDriver());
    }
}
