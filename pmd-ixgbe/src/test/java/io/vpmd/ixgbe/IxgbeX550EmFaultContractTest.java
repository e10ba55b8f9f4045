// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/** An X550EM_x whose sideband to its PHY does not answer, paired with all other faults (T0). */
final class IxgbeX550EmFaultContractTest extends IxgbeX550FaultContract {
    IxgbeX550EmFaultContractTest() {
        super(IxgbeModelChip.X550EM_KR);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return List.of(IxgbeFault.DEAD_PHY);
    }

    /** The PHY is needed for the link only, which outlasts the driver. */
    @Override
    protected FaultPromise promise(IxgbeFault fault) {
        return fault == IxgbeFault.DEAD_PHY
                ? new FaultPromise().failsTo("open", "the sideband to its PHY")
                : super.promise(fault);
    }
}
