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
    protected List<IxgbeFault> partners() {
        return List.of(IxgbeFault.values());
    }

    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        return switch (fault) {
            case HELD_SMBI -> both("to clear SWSM.SMBI");
            case HELD_LOCK -> both("to clear SW_FW_SYNC.REGSMP");
            case HELD_SEMAPHORE -> both(", which the firmware holds");
            case DEAD_PHY -> both("the PHY to take a command");
            default -> usual(fault);
        };
    }
}
