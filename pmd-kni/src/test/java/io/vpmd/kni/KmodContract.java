// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

/** The contract of every port, on net_kni over kni.ko; runs inside a guest that has it. */
public final class KmodContract extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new KmodFixture(number, "");
    }
}
