// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/**
 * The contract of every port, on net_kni over kni.ko with several queue pairs; runs inside a guest
 * that has it.
 */
public final class KmodQueuesContract extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new KmodFixture(number, ",queues=4");
    }
}
