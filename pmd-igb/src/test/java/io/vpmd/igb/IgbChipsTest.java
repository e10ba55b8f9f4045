// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.feature.FlowControl;
import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.feature.Timesync;
import io.vpmd.spi.feature.VlanFilter;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What differs between the chips, and what happens to a device that does not work (T0). */
@Timeout(60)
class IgbChipsTest {
    private static final int STATUS = 0x08;
    private static final int LINK_UP_1000 = 0x83;
    private static final int VFTA_1 = 0x5604;
    private static final int PCS_LSTAT = 0x420c;
    private static final int RXPBS = 0x2404;

    private static Port open(MemoryBus bus) {
        return open(bus, "net_igb:memory");
    }

    private static Port open(MemoryBus bus, String spec) {
        return Ports.open(PortSpec.parse(spec), List.of(new IgbDriver(s -> bus)));
    }

    @ParameterizedTest
    @CsvSource({
        "10c9,82576,16",
        "150e,82580,8",
        "1521,I350,8",
        "1f41,I354,8",
        "1533,I210,4",
        "1539,I211,2"
    })
    void everyChipOpensWithItsQueues(String id, String chip, int queues) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        try (Port port = open(bus)) {
            assertEquals(queues, port.info().maxRxQueues(), chip);
            assertEquals("02:00:00:00:00:01", port.mac().toString());
            assertTrue(port.feature(Timesync.class).isPresent(), "a clock");
            assertTrue(port.info().txOffloads().contains(TxOffload.TIMESTAMP));
            int version = port.feature(RegisterDump.class).orElseThrow().version();
            assertEquals(0x0100_0000 | Integer.parseInt(id, 16), version);
        }
    }

    @ParameterizedTest
    @CsvSource({"10c9,1", "150e,1", "1521,10", "1f41,10", "1533,1"})
    void theVlanTableOfI350AndI354IsWrittenTenTimes(String id, int times) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        try (Port port = open(bus)) {
            int before = bus.writes(VFTA_1);
            port.feature(VlanFilter.class).orElseThrow().addVlan(33);
            assertEquals(times, bus.writes(VFTA_1) - before);
            assertEquals(2, bus.value(VFTA_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10e6", "10e7", "150f", "1510", "1511", "1522", "1523", "1f40", "1537"})
    void linksWithoutCopperAreReadFromThePcs(String id) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        MbufPool pool = MbufPool.create("pcs", 256);
        try (Port port = open(bus)) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            bus.set(STATUS, LINK_UP_1000);
            assertFalse(port.link().up(), "STATUS does not count");
            bus.set(PCS_LSTAT, 0x01);
            assertFalse(port.link().up(), "without synchronization");
            bus.set(PCS_LSTAT, 0x1d);
            assertTrue(port.link().up());
            assertEquals(1000, port.link().speedMbps());
            assertTrue(port.link().fullDuplex());
            assertNotEquals(0, bus.value(0x4200) & 8, "the sublayer is on");
        }
        assertEquals(0, bus.value(0x4200) & 8, "and off after close");
        assertNotEquals(0, bus.value(0x18) & 0x80, "as is the laser");
        pool.close();
    }

    @Test
    void theBackplaneOfI354Runs2500() {
        MemoryBus bus = new MemoryBus(0x1f45);
        MbufPool pool = MbufPool.create("pcs", 256);
        try (Port port = open(bus)) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            bus.set(PCS_LSTAT, 0x1d);
            bus.set(STATUS, 0x1000);
            assertEquals(2500, port.link().speedMbps());
            bus.set(STATUS, 0x3000);
            assertEquals(1000, port.link().speedMbps(), "overridden");
        }
        pool.close();
    }

    @ParameterizedTest
    @CsvSource({"10c9,40,62496", "150e,0,33824", "1521,1,65520", "1533,22,31776"})
    void pauseFramesBeginTwoFramesBeforeTheBufferIsFull(String id, String rxpbs, int high) {
        MemoryBus bus = new MemoryBus(Integer.parseInt(id, 16));
        bus.set(RXPBS, Integer.parseInt(rxpbs, 16));
        try (Port port = open(bus)) {
            FlowControl control = port.feature(FlowControl.class).orElseThrow();
            assertEquals(high, control.pause().highWaterBytes());
        }
    }

    @Test
    void whatTheDeviceDropsIsCountedOnce() {
        MemoryBus bus = new MemoryBus(0x1533);
        try (Port port = open(bus)) {
            port.resetStats();
            int[] wanted = {0x4010, 7, 0xc030, 3, 0xc0b0, 2, 0x4000, 5};
            for (int i = 0; i < wanted.length; i += 2) {
                bus.set(wanted[i], wanted[i + 1]);
            }
            for (int i = 0; i < 3; i++) {
                // However often one looks.
                assertEquals(12, port.stats().rxDropped());
                assertEquals(5, port.stats().rxErrors());
                assertEquals(2L, port.xstats().get("rx_q2_no_descriptor_drops"));
            }
            bus.set(0x4010, -2);
            bus.set(0xc030, 0xfff);
            assertEquals(12 + 0xffff_fffeL + 0xfff, port.stats().rxDropped(), "beyond 32 bits");
            port.resetStats();
            assertEquals(0, port.stats().rxDropped());
        }
    }

    @Test
    void anUnknownDeviceIsRefused() {
        PortException e = assertThrows(PortException.class, () -> open(new MemoryBus(0x10fb)));
        assertTrue(e.getMessage().contains("8086:10fb"), e::getMessage);
    }

    @Test
    void aSmallRegisterSpaceIsRefused() {
        PortException e =
                assertThrows(PortException.class, () -> open(new MemoryBus(0x10c9, 0x4000)));
        assertTrue(e.getMessage().contains("16384 bytes"), e::getMessage);
        assertTrue(e.getMessage().contains("rescan"), e::getMessage);
    }

    @Test
    void aWrongNvmChecksumIsRefusedUnlessItIsNotToBeChecked() {
        MemoryBus bus = new MemoryBus(0x10c9);
        bus.spoilNvm();
        PortException e = assertThrows(PortException.class, () -> open(bus));
        assertTrue(e.getMessage().contains("nvm=unchecked"), e::getMessage);
        open(bus, "net_igb:memory,nvm=unchecked").close();
    }

    @Test
    void aTransmitterThatHangsIsResetAndTold() throws InterruptedException {
        MemoryBus bus = new MemoryBus(0x10c9);
        bus.set(STATUS, LINK_UP_1000);
        MbufPool pool = MbufPool.create("hang", 512);
        try (Port port = open(bus)) {
            CountDownLatch told = new CountDownLatch(1);
            port.addListener(
                    (p, event) -> {
                        if (event instanceof PortEvent.TransmitHang(int queue) && queue == 0) {
                            told.countDown();
                        }
                    });
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            int held = pool.taken();
            try (var cache = pool.newCache()) {
                Mbuf m = cache.take();
                m.append(60);
                port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1);
            }
            assertTrue(told.await(20, TimeUnit.SECONDS), "no event");
            assertEquals(1, port.xstats().get("tx_hangs"));
            assertEquals(held, pool.taken(), "what the queue held is free");
            assertEquals(0, bus.value(0xe018), "the tail");
        }
        assertEquals(0, pool.taken());
        pool.close();
    }
}
