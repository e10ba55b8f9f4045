// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultContract;
import io.vpmd.contract.FaultPromise;
import io.vpmd.contract.ModelFixture;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

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

    /** The same for an 82599. */
    protected static FaultPromise of82599(IxgbeFault fault) {
        FaultPromise promise = new FaultPromise();
        return switch (fault) {
            case HELD_SMBI -> promise.failsTo("open", "to clear SWSM.SMBI");
            case HELD_LOCK -> promise.failsTo("open", "to let SWSM.SWESMBI be set");
            case HELD_SEMAPHORE -> promise.failsTo("open", "the NVM, which the firmware holds");
            default -> usual(fault);
        };
    }

    /**
     * The same from the X540 on: a reset takes the semaphore of the PHY, and the link needs the PHY
     * itself.
     */
    protected static FaultPromise ofX540(IxgbeFault fault) {
        return switch (fault) {
            case HELD_SMBI -> both("to clear SWSM.SMBI");
            case HELD_LOCK -> both("to clear SW_FW_SYNC.REGSMP");
            case HELD_SEMAPHORE -> both(", which the firmware holds");
            case DEAD_PHY -> both("the PHY to take a command");
            default -> usual(fault);
        };
    }

    /** Open and close fail: each has what is broken in it, such as a reset. */
    protected static FaultPromise both(String words) {
        return new FaultPromise().failsTo("open", words).failsTo("close", words);
    }

    @Override
    protected final List<IxgbeFault> partners() {
        return List.of(IxgbeFault.values());
    }

    @Override
    protected final void set(IxgbeModel model, IxgbeFault fault) {
        model.set(fault, true);
    }
}
