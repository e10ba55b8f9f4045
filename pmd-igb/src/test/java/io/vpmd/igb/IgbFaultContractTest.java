// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.FaultContract;
import io.vpmd.contract.FaultPromise;
import io.vpmd.contract.ModelFixture;
import io.vpmd.igb.model.IgbFault;
import io.vpmd.igb.model.IgbModel;

import java.util.List;

/** An 82576 with faults, alone and in pairs (T0). */
class IgbFaultContractTest extends FaultContract<IgbModel, IgbFault> {
    @Override
    protected ModelFixture<IgbModel> device(int number) {
        return new IgbModelFixture(number);
    }

    @Override
    protected void set(IgbModel model, IgbFault fault) {
        model.set(fault, true);
    }

    @Override
    protected List<IgbFault> faults() {
        return List.of(IgbFault.values());
    }

    @Override
    protected FaultPromise promise(IgbFault fault) {
        FaultPromise promise = new FaultPromise();
        return switch (fault) {
            case STUCK_RX_ENABLE -> promise.failsTo("start", "RXDCTL[0]");
            case STUCK_TX_ENABLE -> promise.failsTo("start", "TXDCTL[0]");
            // A reset enables queue 0, so that a start disables it.
            case STUCK_RX_DISABLE ->
                    promise.failsTo("start", "RXDCTL[0]").failsTo("stop", "RXDCTL[0]");
            case STUCK_TX_DISABLE ->
                    promise.failsTo("start", "TXDCTL[0]").failsTo("stop", "TXDCTL[0]");
            case STUCK_RESET -> both(promise, "the reset to end");
            case HELD_SMBI -> both(promise, "to clear SWSM.SMBI");
            case HELD_LOCK -> both(promise, "to let SWSM.SWESMBI be set");
            case HELD_SEMAPHORE -> both(promise, ", which the firmware holds");
            case NVM_CHECKSUM -> promise.failsTo("open", "the checksum of its NVM is wrong");
            case DEAD_NVM -> promise.failsTo("open", "an NVM word");
            case DEAD_PHY -> both(promise, "the PHY to answer");
            case STALLED_TX -> promise.sendsNothing();
            // Waited for, and gone on without.
            case LATE_WRITE_BACK, NO_AUTO_READ, PENDING_REQUESTS, LINK_FLAP -> promise;
        };
    }

    /** Each resets the device; the opening sets the link up, and the closing ends it. */
    private static FaultPromise both(FaultPromise promise, String words) {
        return promise.failsTo("open", words).failsTo("close", words);
    }
}
