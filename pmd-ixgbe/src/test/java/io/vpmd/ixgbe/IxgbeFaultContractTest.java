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
        FaultPromise promise = new FaultPromise();
        return switch (fault) {
            case STUCK_RX_ENABLE, STUCK_TX_ENABLE -> promise.failsTo("start", "for a queue");
            case STUCK_RX_DISABLE, STUCK_TX_DISABLE -> promise.failsTo("stop", "a queue to end");
            case NO_AUTO_READ -> both(promise, "the NVM to be loaded");
            case NO_DMA_INIT -> both(promise, "the DMA unit to be ready");
            case STUCK_RESET -> both(promise, "the reset to end");
            case HELD_SMBI -> promise.failsTo("open", "to clear SWSM.SMBI");
            case HELD_LOCK -> promise.failsTo("open", "to let SWSM.SWESMBI be set");
            case HELD_SEMAPHORE -> promise.failsTo("open", "the NVM, which the firmware holds");
            case NVM_CHECKSUM -> promise.failsTo("open", "the checksum of its NVM is wrong");
            case DEAD_NVM -> promise.failsTo("open", "an NVM word");
            case STALLED_TX -> promise.sendsNothing();
            // Waited for, and gone on without; the last two this chip does not have.
            case LATE_WRITE_BACK, BUSY_SECURITY, PENDING_REQUESTS, DEAD_PHY, DEAD_FIRMWARE ->
                    promise;
        };
    }

    /** Each is preceded by a reset. */
    private static FaultPromise both(FaultPromise promise, String words) {
        return promise.failsTo("open", words).failsTo("close", words);
    }
}
