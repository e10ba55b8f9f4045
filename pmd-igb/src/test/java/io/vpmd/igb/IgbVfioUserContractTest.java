// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on an 82576 in software behind a vfio-user socket (T0). */
final class IgbVfioUserContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IgbVfioUserFixture(number);
    }
}
