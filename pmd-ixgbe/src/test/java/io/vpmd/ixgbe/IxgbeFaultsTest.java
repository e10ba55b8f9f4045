// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.ixgbe.model.IxgbeFault;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that are not well: the port says so in time, and no buffer stays with them (T0). */
@Timeout(120)
class IxgbeFaultsTest {
    private static final int RING = 64;
    private static final long BOUND_MILLIS = 30_000;

    private final IxgbeModelFixture fixture = new IxgbeModelFixture(5);
    private final MbufPool pool = MbufPool.create("ixgbe-faults", 1024);
    private Port port;

    @AfterEach
    void end() {
        for (IxgbeFault fault : IxgbeFault.values()) {
            fixture.model().set(fault, false);
        }
        if (port != null) {
            port.close();
        }
        assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
        assertTrue(Ports.all().isEmpty(), () -> "left open: " + Ports.all());
    }

    private static IxgbeFault fault(String name) {
        return IxgbeFault.named(name).orElseThrow();
    }

    private static void within(Runnable action) {
        long begin = System.nanoTime();
        action.run();
        long took = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(took < BOUND_MILLIS, () -> "took " + took + " ms");
    }

    private void opened() {
        port = fixture.open();
        port.configure(PortConfig.of(pool).withRings(RING, RING));
    }

    private void works() {
        port.start();
        fixture.connect(port, pool);
        byte[] frame = new byte[100];
        System.arraycopy(port.mac().bytes(), 0, frame, 0, 6);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        fixture.inject(frame);
        Mbuf[] into = new Mbuf[1];
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (port.rxQueue(0).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing was received");
            Registers.delayMicros(200);
        }
        into[0].free();
    }

    @ParameterizedTest
    @CsvSource({
        "no-auto-read, the NVM to be loaded",
        "no-dma-init, the DMA unit to be ready",
        "stuck-reset, the reset to end",
        "held-smbi, to clear SWSM.SMBI",
        "held-lock, to let SWSM.SWESMBI be set",
        "held-semaphore, which the firmware holds",
        "nvm-checksum, the checksum of its NVM is wrong",
        "dead-nvm, an NVM word"
    })
    void aDeviceThatIsNotWellIsNotOpened(String name, String words) {
        fixture.model().set(fault(name), true);
        within(
                () -> {
                    PortException e = assertThrows(PortException.class, fixture::open);
                    assertEquals("open", e.operation());
                    assertTrue(e.getMessage().contains(words), e::getMessage);
                });
        fixture.model().set(fault(name), false);
        opened();
        works();
    }

    /**
     * After requests that did not end the device is reset twice; the security block may be busy.
     */
    @ParameterizedTest
    @ValueSource(strings = {"pending-requests", "busy-security"})
    void whatIsNoErrorDelaysOnly(String name) {
        fixture.model().set(fault(name), true);
        within(
                () -> {
                    opened();
                    works();
                    port.stop();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"stuck-rx-enable", "stuck-tx-enable"})
    void aQueueThatIsNotEnabledKeepsThePortFromStarting(String name) {
        opened();
        fixture.model().set(fault(name), true);
        PortException e = assertThrows(PortException.class, port::start);
        assertTrue(e.getMessage().contains("for a queue"), e::getMessage);
        assertEquals(0, pool.taken(), "buffers of a port that is not started");
        fixture.model().set(fault(name), false);
        works();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stuck-rx-disable", "stuck-tx-disable"})
    void aQueueThatDoesNotEndReachesNoMemoryAfterwards(String name) {
        opened();
        works();
        fixture.model().set(fault(name), true);
        PortException e = assertThrows(PortException.class, port::stop);
        assertTrue(e.getMessage().contains("a queue to end"), e::getMessage);
        assertEquals(0, pool.taken(), "buffers of a stopped port");
        fixture.model().set(fault(name), false);
        works();
    }

    @Test
    void lateWriteBackLosesNothing() {
        fixture.model().set(IxgbeFault.LATE_WRITE_BACK, true);
        opened();
        works();
    }
}
