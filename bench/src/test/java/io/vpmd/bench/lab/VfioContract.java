// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port on net_igb through /dev/vfio; runs inside a guest. */
final class VfioContract extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new VfioFixture(Cards.CONTRACT + number);
    }
}
