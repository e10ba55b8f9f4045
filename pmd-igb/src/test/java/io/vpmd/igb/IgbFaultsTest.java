// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.model.IgbFault;
import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.PortState;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.feature.LinkSpeeds;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.model.ModelBus;
import io.vpmd.spi.hw.model.ModelClock;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * What becomes of a device with faults when they end, and what happens on its cable and on PCIe: no
 * buffer is lost (T0). All faults of the model and their pairs are {@link IgbFaultContractTest}'s.
 */
@Timeout(60)
class IgbFaultsTest {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int RING = 64;
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:55:55");

    private final FrameQueue wire = new FrameQueue();
    private final MbufPool pool = MbufPool.create("faults", 1024);
    private final IgbModel model =
            new IgbModel("model5", IgbModelChip.E82576, MAC, wire, ModelClock.SYSTEM);
    private final ModelEngine engine = ModelEngine.start(model, wire);
    private Port port;

    @AfterEach
    void end() {
        if (port != null) {
            port.close();
        }
        engine.close();
        assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
    }

    private Port open(String options) {
        IgbDriver driver = new IgbDriver(spec -> new ModelBus(model, () -> {}));
        port = Ports.open(PortSpec.parse("net_igb:model5" + options), List.of(driver));
        return port;
    }

    private void started() {
        open("");
        port.configure(PortConfig.of(pool).withRings(RING, RING));
        port.start();
        IgbQtestFixture.awaitLink(port);
    }

    private static void await(BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, what);
            Registers.delayMicros(200);
        }
    }

    /** Ends within its bound, on a machine that others use as well. */
    private static void within(long millis, Runnable action) {
        long begin = System.nanoTime();
        action.run();
        long took = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(took < millis, () -> "took " + took + " ms, the bound is " + millis);
    }

    private byte[] frame() {
        byte[] frame = new byte[100];
        System.arraycopy(MAC.bytes(), 0, frame, 0, 6);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    /** Sends as many as are taken; the others are freed. */
    private int send(int count) {
        byte[] frame = frame();
        Mbuf[] burst = new Mbuf[count];
        try (MbufCache cache = pool.newCache()) {
            assertEquals(count, cache.take(burst, 0, count));
            for (Mbuf m : burst) {
                m.putBytes(m.append(frame.length), frame, 0, frame.length);
            }
        }
        int n = port.txQueue(0).txBurst(burst, 0, count);
        for (int i = n; i < count; i++) {
            burst[i].free();
        }
        return n;
    }

    private int received() {
        Mbuf[] into = new Mbuf[32];
        int n = port.rxQueue(0).rxBurst(into, 0, 32);
        for (int i = 0; i < n; i++) {
            assertEquals(100, into[i].packetLength());
            into[i].free();
        }
        return n;
    }

    private void works() {
        int[] got = {0};
        wire.inject(frame());
        await(() -> (got[0] += received()) == 1, "a frame is received again");
        while (wire.collect().isPresent()) {
            got[0]++;
        }
        assertEquals(1, send(1));
        await(() -> wire.collect().isPresent(), "a frame is sent again");
    }

    @ParameterizedTest
    @CsvSource({
        "stuck-reset, the reset to end",
        "nvm-checksum, the checksum of its NVM is wrong",
        "dead-nvm, an NVM word",
        "held-smbi, another driver of the card to clear SWSM.SMBI",
        "held-lock, the firmware to let SWSM.SWESMBI be set",
        "held-semaphore, which the firmware holds",
        "dead-phy, the PHY to answer"
    })
    void aDeviceThatIsNotWellIsNotOpened(String fault, String words) {
        model.set(IgbFault.named(fault).orElseThrow(), true);
        within(
                5_000,
                () -> {
                    PortException e = assertThrows(PortException.class, () -> open(""));
                    assertTrue(e.getMessage().contains(words), e::getMessage);
                });
        assertTrue(Ports.all().isEmpty());
        assertEquals(0, model.config().read(4, 2) & 4, "bus mastering");
        model.set(IgbFault.named(fault).orElseThrow(), false);
        started();
        works();
    }

    @ParameterizedTest
    @CsvSource({"no-auto-read", "pending-requests"})
    void whatIsNoErrorDelaysOnly(String fault) {
        model.set(IgbFault.named(fault).orElseThrow(), true);
        within(5_000, this::started);
        works();
    }

    /** As a process leaves them that ends in the middle of an access: SMBI alone, or all of it. */
    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "0, 3", "3, 3"})
    void whatADeadProcessHeldIsFreed(int swsm, int sync) {
        var table = IgbModel.table().registers();
        model.registers().set(table.get("SWSM"), swsm);
        model.registers().set(table.get("SW_FW_SYNC"), sync);
        within(5_000, this::started);
        works();
        assertEquals(0, model.registers().get(table.get("SWSM")));
        assertEquals(0, model.registers().get(table.get("SW_FW_SYNC")));
    }

    @Test
    void aSemaphoreThatIsHeldLaterEndsWhatNeedsItAndNothingElse() {
        started();
        model.set(IgbFault.HELD_SEMAPHORE, true);
        Eeprom eeprom = port.feature(Eeprom.class).orElseThrow();
        within(
                5_000,
                () -> {
                    PortException e =
                            assertThrows(DeviceException.class, () -> eeprom.readEeprom(0, 6));
                    assertEquals("readEeprom", e.operation());
                    assertTrue(e.getMessage().contains("the firmware holds"), e::getMessage);
                });
        works();
        model.set(IgbFault.HELD_SEMAPHORE, false);
        assertArrayEquals(MAC.bytes(), eeprom.readEeprom(0, 6));
    }

    @Test
    void aWrongChecksumCanBeAccepted() {
        model.set(IgbFault.NVM_CHECKSUM, true);
        open(",nvm=unchecked").close();
    }

    @ParameterizedTest
    @CsvSource({"stuck-rx-enable, RXDCTL[0]", "stuck-tx-enable, TXDCTL[0]"})
    void aQueueThatIsNotEnabledKeepsThePortFromStarting(String fault, String words) {
        model.set(IgbFault.named(fault).orElseThrow(), true);
        open("");
        port.configure(PortConfig.of(pool).withRings(RING, RING));
        within(
                5_000,
                () -> {
                    PortException e = assertThrows(PortException.class, port::start);
                    assertEquals("start", e.operation());
                    assertTrue(e.getMessage().contains(words), e::getMessage);
                });
        assertEquals(PortState.CONFIGURED, port.state());
        assertEquals(0, pool.taken(), "buffers taken");
        model.set(IgbFault.named(fault).orElseThrow(), false);
        port.start();
        IgbQtestFixture.awaitLink(port);
        works();
    }

    @ParameterizedTest
    @CsvSource({"stuck-rx-disable", "stuck-tx-disable"})
    void aQueueThatDoesNotEndReachesNoMemoryAfterwards(String fault) {
        started();
        model.set(IgbFault.named(fault).orElseThrow(), true);
        within(
                5_000,
                () -> {
                    PortException e = assertThrows(PortException.class, port::stop);
                    assertEquals("stop", e.operation());
                });
        assertEquals(0, pool.taken(), "buffers taken");
        long faults = model.dma().faults();
        for (int i = 0; i < 100; i++) {
            wire.inject(frame());
        }
        Registers.delayMicros(5_000);
        assertEquals(faults, model.dma().faults());
        model.set(IgbFault.named(fault).orElseThrow(), false);
        port.close();
        started();
        works();
    }

    @Test
    void lateWriteBackLosesNothing() {
        started();
        model.set(IgbFault.LATE_WRITE_BACK, true);
        int[] sent = {0};
        int[] out = {0};
        int[] in = {0};
        int rounds = 20;
        for (int i = 0; i < rounds; i++) {
            for (int k = 0; k < 16; k++) {
                wire.inject(frame());
            }
            sent[0] += send(40);
            await(
                    () -> {
                        in[0] += received();
                        port.txQueue(0).reclaim();
                        return in[0] >= 16;
                    },
                    "frames are received late");
            in[0] -= 16;
        }
        assertTrue(sent[0] >= RING, "some were sent: " + sent[0]);
        await(
                () -> {
                    out[0] += wire.collect().isPresent() ? 1 : 0;
                    return out[0] == sent[0];
                },
                "all that were taken are sent");
        send(40);
        within(5_000, port::stop);
        assertEquals(0, pool.taken(), "buffers taken after stop");
        Registers.delayMicros(5_000);
        assertEquals(0, model.dma().faults(), model.dma()::lastFault);
        assertEquals(0, in[0]);
    }

    @Test
    void aStalledTransmitterFillsTheRingAndStopsInTime() {
        started();
        model.set(IgbFault.STALLED_TX, true);
        int n = 0;
        for (int i = 0; i < 10; i++) {
            n += send(RING);
        }
        assertTrue(n < RING, "the ring is full after " + n);
        assertEquals(0, send(1));
        within(5_000, port::stop);
        assertEquals(0, pool.taken(), "buffers taken after stop");
        model.set(IgbFault.STALLED_TX, false);
        port.start();
        IgbQtestFixture.awaitLink(port);
        works();
    }

    @Test
    void aLinkThatFlapsIsToldAndNothingIsLost() {
        started();
        List<Link> seen = new CopyOnWriteArrayList<>();
        port.addListener(
                (p, event) -> {
                    if (event instanceof PortEvent.LinkChanged change) {
                        seen.add(change.link());
                    }
                });
        // Until the driver has looked at the link that is up.
        Registers.delayMicros(3 * IgbPort.WATCH_MILLIS * 1_000);
        for (int i = 0; i < 3; i++) {
            model.setCable(false);
            await(() -> !port.link().up() && told(seen, false), "the link is down");
            assertEquals(10, send(10), "packets wait for the link");
            model.setCable(true);
            await(() -> port.link().up() && told(seen, true), "the link is up");
            int[] out = {0};
            await(
                    () -> {
                        out[0] += wire.collect().isPresent() ? 1 : 0;
                        return out[0] == 10;
                    },
                    "what waited is sent");
        }
        works();
        model.setCable(false);
        send(10);
        within(5_000, port::stop);
        assertEquals(0, pool.taken(), "buffers taken after a stop without a link");
    }

    /** The modelled PHY and its partner agree on the best of what is offered. */
    @ParameterizedTest
    @CsvSource({"FULL_1000, 1000, true", "FULL_100, 100, true", "HALF_10, 10, false"})
    void theLinkComesUpAtASpeedThatIsOffered(LinkSpeeds.Mode mode, int mbps, boolean full) {
        started();
        LinkSpeeds speeds = port.feature(LinkSpeeds.class).orElseThrow();
        speeds.advertise(Set.of(mode));
        await(() -> port.link().up() && port.link().speedMbps() == mbps, "the link is up");
        assertEquals(full, port.link().fullDuplex());
        assertThrows(
                PortException.class, () -> speeds.advertise(Set.of(LinkSpeeds.Mode.FULL_2500)));
        assertEquals(Set.of(mode), speeds.advertisedModes());
        port.stop();
        port.start();
        await(() -> port.link().up() && port.link().speedMbps() == mbps, "it is again");
        port.close();
        started();
        assertEquals(1000, port.link().speedMbps(), "whoever comes next gets all");
    }

    private static boolean told(List<Link> seen, boolean up) {
        return !seen.isEmpty() && seen.getLast().up() == up;
    }

    @Test
    void aDeviceThatIsPulledOutIsRemovedWithAllBuffersBack() {
        started();
        List<PortEvent> seen = new CopyOnWriteArrayList<>();
        port.addListener((p, event) -> seen.add(event));
        send(10);
        model.remove();
        await(() -> seen.stream().anyMatch(e -> e instanceof PortEvent.Removed), "the event");
        assertEquals(PortState.REMOVED, port.state());
        assertEquals(10, send(10), "a removed port consumes");
        within(1_000, port::close);
        assertEquals(0, pool.taken(), "buffers taken");
        assertEquals(0, model.dma().faults(), model.dma()::lastFault);
    }

    @Test
    void aReceiveBufferThatCannotBeReachedStopsOnlyItsQueue() {
        faultAt("RDBAL", "RDBAH", () -> wire.inject(frame()));
    }

    @Test
    void aTransmitRingThatCannotBeReachedStopsOnlyItsQueue() {
        faultAt("TDBAL", "TDBAH", () -> send(5));
    }

    /** Makes a ring unreachable, lets the device run into it, and starts again. */
    private void faultAt(String low, String high, Runnable traffic) {
        started();
        var table = IgbModel.table().registers();
        Register first = table.get(low);
        long ring =
                (long) model.registers().get(table.get(high)) << 32
                        | (model.registers().get(first) & 0xffff_ffffL);
        model.dma().refuse(ring, RING * 16);
        traffic.run();
        await(() -> model.dma().faults() > 0, "the device runs into it");
        within(5_000, port::stop);
        assertEquals(0, pool.taken(), "buffers taken after stop");
        model.dma().refuse(0, 0);
        port.start();
        IgbQtestFixture.awaitLink(port);
        while (wire.collect().isPresent()) {
            // What was under way.
        }
        works();
    }
}
