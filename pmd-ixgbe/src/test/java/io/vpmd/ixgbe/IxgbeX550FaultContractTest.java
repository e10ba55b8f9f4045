// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.FaultPromise;
import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.ixgbe.model.IxgbeModelChip;

import java.util.List;

/** An X550 with the faults of what only it has, paired with all others (T0). */
class IxgbeX550FaultContractTest extends IxgbeFaultContract {
    private static final String HELD = ", which the firmware holds";

    IxgbeX550FaultContractTest() {
        this(IxgbeModelChip.X550);
    }

    IxgbeX550FaultContractTest(IxgbeModelChip chip) {
        super(chip);
    }

    @Override
    protected List<IxgbeFault> faults() {
        return List.of(IxgbeFault.DEAD_PHY, IxgbeFault.DEAD_FIRMWARE, IxgbeFault.HELD_SEMAPHORE);
    }

    @Override
    protected List<IxgbeFault> partners() {
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
            case HELD_SMBI -> both(promise, "to clear SWSM.SMBI");
            case HELD_LOCK -> both(promise, "to clear SW_FW_SYNC.REGSMP");
            case HELD_SEMAPHORE -> both(promise, HELD);
            case NVM_CHECKSUM -> promise.failsTo("open", "the checksum of its NVM is wrong");
            case DEAD_PHY -> both(promise, "the PHY to take a command");
            case DEAD_FIRMWARE -> promise.failsTo("open", "the firmware to answer");
            case STALLED_TX -> promise.sendsNothing();
            // Waited for, and gone on without; EERD is not the way to this chip's NVM.
            case LATE_WRITE_BACK, BUSY_SECURITY, PENDING_REQUESTS, DEAD_NVM -> promise;
        };
    }

    /** A reset takes the semaphore of the PHY, and the link needs the PHY itself. */
    private static FaultPromise both(FaultPromise promise, String words) {
        return promise.failsTo("open", words).failsTo("close", words);
    }
}
