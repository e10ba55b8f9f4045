// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.ixgbe.model.IxgbeModelChip;

/** The contract of every port, on an X550 in software (T0). */
final class IxgbeX550ModelContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IxgbeModelFixture(number, IxgbeModelChip.X550);
    }
}
