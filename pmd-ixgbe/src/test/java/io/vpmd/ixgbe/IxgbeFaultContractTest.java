// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/** An 82599 with faults, alone and in pairs (T0). */
class IxgbeFaultContractTest extends IxgbeFaultContract {
    IxgbeFaultContractTest() {
        super(IxgbeModelChip.E82599_KX4);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return List.of(IxgbeFault.values());
    }

    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        return of82599(fault);
    }
}
