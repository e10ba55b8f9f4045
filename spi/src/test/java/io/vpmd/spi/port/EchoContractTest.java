// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The host behind the port answers nothing that the kit sends. */
class EchoContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.alone("net_echo:contract" + number);
    }
}
