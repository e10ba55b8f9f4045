// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port on net_ixgbe through /dev/vfio; runs inside a guest. */
final class IxgbeVfioContract extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new ServedFixture("net_ixgbe", number);
    }
}
