// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/**
 * An X540 with faults of its PHY and of what that is shared by, paired with all others (T0); all
 * pairs with {@code VPMD_SOAK=1}.
 */
class IxgbeX540FaultContractTest extends IxgbeFaultContract {
    IxgbeX540FaultContractTest() {
        super(IxgbeModelChip.X540);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return inFullOr(
                List.of(IxgbeFault.DEAD_PHY, IxgbeFault.HELD_LOCK, IxgbeFault.LINK_FLAP),
                partners());
    }

    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        return ofX540(fault);
    }
}
