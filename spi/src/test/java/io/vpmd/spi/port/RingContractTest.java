// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

class RingContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.loopback("net_ring:contract" + number);
    }
}
