// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.ixgbe.model.IxgbeModelChip;

/** The contract of every port, on an 82599 with an SFP module in software (T0). */
final class IxgbeSfpModelContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IxgbeModelFixture(number, IxgbeModelChip.E82599_SFP);
    }
}
