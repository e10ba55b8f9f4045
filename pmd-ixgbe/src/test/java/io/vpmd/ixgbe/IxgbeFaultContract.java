// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultContract;
import io.vpmd.contract.ModelFixture;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;

/** A chip of the family with faults. */
abstract class IxgbeFaultContract extends FaultContract<IxgbeModel, IxgbeFault> {
    private final IxgbeModelChip chip;

    IxgbeFaultContract(IxgbeModelChip chip) {
        this.chip = chip;
    }

    @Override
    protected final ModelFixture<IxgbeModel> device(int number) {
        return new IxgbeModelFixture(number, chip);
    }

    @Override
    protected final void set(IxgbeModel model, IxgbeFault fault) {
        model.set(fault, true);
    }
}
