// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on QEMU's 82576 (T2). */
final class IgbQtestContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IgbQtestFixture(number);
    }
}
