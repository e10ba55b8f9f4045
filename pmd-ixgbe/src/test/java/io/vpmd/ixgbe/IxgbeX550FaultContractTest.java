// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.ixgbe.model.IxgbeModelChip;

/** Faults of an X550 (T0). */
final class IxgbeX550FaultContractTest extends IxgbeX550FaultContract {
    IxgbeX550FaultContractTest() {
        super(IxgbeModelChip.X550);
    }
}
