// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

class SoftContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.loopback(
                "net_soft:soft" + number + ",port=[net_ring:soft" + number + "]");
    }
}
