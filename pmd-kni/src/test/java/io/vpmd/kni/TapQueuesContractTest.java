// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on net_kni over TAP with several queue pairs (T1). */
final class TapQueuesContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new TapFixture(number, ",queues=4");
    }
}
