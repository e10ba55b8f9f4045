// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.contract.LoopbackFixture;
import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.mbuf.Mbuf;

import java.util.List;
import java.util.Locale;

/** The contract, run by {@link ContractTest} against {@link LoopPort}. */
class LoopSuite extends PortContract {
    /** The defect of the ports that a thread opens. */
    static final ThreadLocal<Defect> DEFECT = ThreadLocal.withInitial(() -> Defect.NONE);

    @Override
    protected PortFixture fixture(int number) {
        Defect defect = DEFECT.get();
        return new Fixture(
                "test_loop:" + defect.name().toLowerCase(Locale.ROOT) + number, defect);
    }

    private static final class Fixture extends LoopbackFixture {
        private final Defect defect;
        private LoopPort port;

        Fixture(String spec, Defect defect) {
            super(spec);
            this.defect = defect;
        }

        @Override
        public Port open() {
            List<PortDriver> drivers = List.of(new LoopDriver(defect));
            Port opened = Ports.open(PortSpec.parse(spec()), drivers);
            port = (LoopPort) opened;
            return opened;
        }

        @Override
        public void close() {
            if (defect == Defect.STAYS_INSIDE_AFTER_A_REFUSAL) {
                port.txQueue(0).txBurst(new Mbuf[0], 0, 0);
                port.close();
            }
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
