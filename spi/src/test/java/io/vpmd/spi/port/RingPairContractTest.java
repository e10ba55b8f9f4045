// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** A ring port whose other side is a second one. */
class RingPairContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        String near = "near" + number;
        String far = "far" + number;
        return PortFixture.pair(
                "net_ring:" + near + ",peer=" + far, "net_ring:" + far + ",peer=" + near);
    }
}
