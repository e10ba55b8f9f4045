// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NullPortTest {
    private MbufPool pool;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("null-test", 256);
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        pool.close();
    }

    private Port started(String spec) {
        Port port = Ports.open(spec);
        port.configure(PortConfig.of(pool));
        port.start();
        return port;
    }

    @Test
    void givesAsManyAsAreAskedForAndTakesAll() {
        for (String spec : new String[] {"null", "net_null:1,size=1400", "net_null:2,copy=on"}) {
            int size = spec.contains("1400") ? 1400 : 64;
            try (Port port = started(spec)) {
                Mbuf[] burst = new Mbuf[40];
                for (int round = 0; round < 100; round++) {
                    assertEquals(32, port.rxQueue(0).rxBurst(burst, 3, 32));
                    for (int i = 3; i < 35; i++) {
                        assertEquals(size, burst[i].packetLength());
                        assertEquals(port.id(), burst[i].port());
                    }
                    assertEquals(32, port.txQueue(0).txBurst(burst, 3, 32));
                }
                assertEquals(3200, port.stats().rxPackets());
                assertEquals(3200, port.stats().txPackets());
                assertEquals(3200L * size, port.stats().rxBytes());
                assertEquals(3200L * size, port.stats().txBytes());
            }
        }
    }

    @Test
    void givesWhatThePoolHas() {
        try (Port port = started("null")) {
            Mbuf[] burst = new Mbuf[300];
            assertEquals(256, port.rxQueue(0).rxBurst(burst, 0, 300));
            assertEquals(0, port.rxQueue(0).rxBurst(burst, 0, 300));
            assertEquals(256, port.txQueue(0).txBurst(burst, 0, 256));
            assertTrue(port.rxQueue(0).rxBurst(burst, 0, 1) == 1);
            burst[0].free();
        }
    }

    @Test
    void receivesNothingWhenTold() {
        try (Port port = started("net_null:0,no-rx=1")) {
            Packets.assertNothing(port.rxQueue(0));
        }
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThrows(SpecException.class, () -> Ports.open("net_null:0,size=13"));
        try (Port port = Ports.open("net_null:0,size=3000")) {
            assertThrows(PortException.class, () -> port.configure(PortConfig.of(pool)));
        }
    }
}
