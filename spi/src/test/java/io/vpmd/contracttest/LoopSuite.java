// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;

import java.util.List;

/** The contract, run by {@link ContractTest} against {@link LoopPort}. */
class LoopSuite extends PortContract {
    /** The defect of the ports that a thread opens. */
    static final ThreadLocal<Defect> DEFECT = ThreadLocal.withInitial(() -> Defect.NONE);

    @Override
    protected PortFixture fixture(int number) {
        Defect defect = DEFECT.get();
        return new io.vpmd.contracttest.LoopSuite.Fixture(
                "test_loop:" + defect.name().toLowerCase(java.util.Locale.ROOT) + number, defect);
    }

    private static final class Fixture extends io.vpmd.contract.LoopbackFixture {
        private final Defect defect;
        private LoopPort port;

        Fixture(String spec, Defect defect) {
            super(spec);
            this.defect = defect;
        }

        @Override
        public Port open() {
            List<io.vpmd.spi.PortDriver> drivers = List.of(new LoopDriver(defect));
            Port opened = Ports.open(PortSpec.parse(spec()), drivers);
            port = (LoopPort) opened;
            return opened;
        }

        @Override
        public boolean causeEvent() {
            port.event();
            return true;
        }

        @Override
        public boolean removeDevice() {
            port.unplug();
            return true;
        }
    }
}
