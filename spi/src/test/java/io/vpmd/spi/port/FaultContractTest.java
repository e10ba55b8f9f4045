// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

class FaultContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.loopback(
                "net_fault:fault" + number + ",port=[net_ring:fault" + number + "]");
    }
}
