// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on net_kni over TAP with one queue pair (T1). */
final class TapContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new TapFixture(number, "");
    }
}
