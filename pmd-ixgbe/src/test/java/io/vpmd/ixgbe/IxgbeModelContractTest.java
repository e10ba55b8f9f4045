// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on an 82599 in software (T0). */
final class IxgbeModelContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IxgbeModelFixture(number);
    }
}
