// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.ixgbe.model.IxgbeModelModule;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.Ports;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Modules that are plugged in and out of a running 82599 (T0). */
@Timeout(60)
class IxgbeSfpTest {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static void await(BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, what);
            Registers.delayMicros(500);
        }
    }

    /** Only with the module identified anew is the speed right: the old one's would never link. */
    @Test
    void aModuleThatIsExchangedSetsTheLinkUpAnew() {
        IxgbeModelFixture fixture = new IxgbeModelFixture(60, IxgbeModelChip.E82599_SFP);
        try (MbufPool pool = MbufPool.create("sfp", 512);
                Port port = fixture.open()) {
            List<PortEvent> events = Collections.synchronizedList(new ArrayList<>());
            port.addListener((_, event) -> events.add(event));
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            await(() -> port.link().speedMbps() == 10_000, "no link");
            fixture.model().setModule(IxgbeModelModule.NONE);
            await(() -> told(events, false, 0), "a module that goes is a link that is lost");
            fixture.model().setModule(IxgbeModelModule.SX);
            await(() -> told(events, true, 1_000), "no link with the other module");
            events.clear();
            // Without time for a look in between.
            fixture.model().setModule(IxgbeModelModule.SR);
            await(() -> told(events, true, 10_000), "no link with the first module");
        }
        fixture.close();
    }

    private static boolean told(List<PortEvent> events, boolean up, int speed) {
        synchronized (events) {
            return events.stream()
                    .anyMatch(
                            event ->
                                    event instanceof PortEvent.LinkChanged changed
                                            && changed.link().up() == up
                                            && (!up || changed.link().speedMbps() == speed));
        }
    }

    @Test
    void aSpecNamesTheModule() {
        try (MbufPool pool = MbufPool.create("sfp-spec", 512);
                Port port = Ports.open("net_ixgbe:model61,chip=82599-sfp,module=sx,wire=echo")) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            await(() -> port.link().up(), "no link");
            assertEquals(1_000, port.link().speedMbps());
        }
        SpecException cage =
                assertThrows(SpecException.class, () -> Ports.open("net_ixgbe:model62,module=sr"));
        assertTrue(cage.getMessage().contains("only the 82599-sfp"), cage::getMessage);
        SpecException name =
                assertThrows(
                        SpecException.class,
                        () -> Ports.open("net_ixgbe:model62,chip=82599-sfp,module=lx"));
        assertTrue(name.getMessage().contains("none|sr|sx"), name::getMessage);
    }
}
