// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** A port that has no other side. */
class NullContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.alone("net_null:contract" + number);
    }
}
