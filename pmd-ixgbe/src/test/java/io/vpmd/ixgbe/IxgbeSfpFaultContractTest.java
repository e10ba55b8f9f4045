// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/**
 * An 82599 with an SFP module and faults of what the module's bus is shared by, paired with all
 * others (T0); all pairs with {@code VPMD_SOAK=1}.
 */
class IxgbeSfpFaultContractTest extends IxgbeFaultContract {
    IxgbeSfpFaultContractTest() {
        super(IxgbeModelChip.E82599_SFP);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return inFullOr(List.of(IxgbeFault.HELD_SEMAPHORE, IxgbeFault.LINK_FLAP), partners());
    }

    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        return of82599(fault);
    }
}
