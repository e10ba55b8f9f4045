// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/**
 * An X550 or X550EM with the faults of what only it has, paired with all others; all pairs with
 * {@code VPMD_SOAK=1}.
 */
abstract class IxgbeX550FaultContract extends IxgbeFaultContract {
    IxgbeX550FaultContract(IxgbeModelChip chip) {
        super(chip);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return inFullOr(
                List.of(IxgbeFault.DEAD_PHY, IxgbeFault.DEAD_FIRMWARE, IxgbeFault.HELD_SEMAPHORE),
                partners());
    }

    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        FaultPromise promise = new FaultPromise();
        return switch (fault) {
            case DEAD_FIRMWARE -> promise.failsTo("open", "the firmware to answer");
            // EERD is not the way to this chip's NVM.
            case DEAD_NVM -> promise;
            default -> ofX540(fault);
        };
    }
}
