// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.ixgbe.model.IxgbeModelChip;

/** The contract of every port, on an X550EM_x with a backplane in software (T0). */
final class IxgbeX550EmModelContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IxgbeModelFixture(number, IxgbeModelChip.X550EM_KR);
    }
}
