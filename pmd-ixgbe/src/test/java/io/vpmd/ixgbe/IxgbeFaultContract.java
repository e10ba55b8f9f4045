// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultContract;
import io.vpmd.contract.FaultPromise;
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

    /** What holds for all chips; the faults that only other chips can have change nothing. */
    protected static FaultPromise usual(IxgbeFault fault) {
        FaultPromise promise = new FaultPromise();
        return switch (fault) {
            case STUCK_RX_ENABLE, STUCK_TX_ENABLE -> promise.failsTo("start", "for a queue");
            case STUCK_RX_DISABLE, STUCK_TX_DISABLE -> promise.failsTo("stop", "a queue to end");
            case NO_AUTO_READ -> both("the NVM to be loaded");
            case NO_DMA_INIT -> both("the DMA unit to be ready");
            case STUCK_RESET -> both("the reset to end");
            case NVM_CHECKSUM -> promise.failsTo("open", "the checksum of its NVM is wrong");
            case DEAD_NVM -> promise.failsTo("open", "an NVM word");
            case STALLED_TX -> promise.sendsNothing();
            default -> promise;
        };
    }

    /** Open and close fail: each has what is broken in it, such as a reset. */
    protected static FaultPromise both(String words) {
        return new FaultPromise().failsTo("open", words).failsTo("close", words);
    }

    @Override
    protected final void set(IxgbeModel model, IxgbeFault fault) {
        model.set(fault, true);
    }
}
