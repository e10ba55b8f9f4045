// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.igb.model.IgbModelChip;

/** The contract of every port, on a fibre 82576 in software with an SFP module (T0). */
final class IgbFiberModelContractTest extends PortContract {
    @Override
    protected PortFixture fixture(int number) {
        return new IgbModelFixture(number, IgbModelChip.E82576_FIBER);
    }
}
