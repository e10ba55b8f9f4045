// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on an 82599 in software behind a vfio-user socket (T0). */
final class IxgbeVfioUserContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IxgbeVfioUserFixture(number);
    }
}
