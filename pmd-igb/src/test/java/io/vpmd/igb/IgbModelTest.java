// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.feature.FlowControl;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The model as a user opens it, all chips, and what QEMU does not show (T0). */
@Timeout(60)
class IgbModelTest {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final byte[] PAUSE = {1, (byte) 0x80, (byte) 0xc2, 0, 0, 1};

    private static byte[] frame(Port port, int length) {
        byte[] frame = new byte[length];
        System.arraycopy(port.mac().bytes(), 0, frame, 0, 6);
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        for (int i = 14; i < length; i++) {
            frame[i] = (byte) i;
        }
        return frame;
    }

    private static void send(Port port, MbufPool pool, byte[] frame) {
        try (var cache = pool.newCache()) {
            Mbuf m = cache.take();
            m.putBytes(m.append(frame.length), frame, 0, frame.length);
            assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
        }
    }

    private static byte[] receive(Port port) {
        Mbuf[] into = new Mbuf[1];
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (port.rxQueue(0).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing was received");
        }
        byte[] bytes = new byte[into[0].packetLength()];
        into[0].bytes(0, bytes, 0, bytes.length);
        into[0].free();
        return bytes;
    }

    private static byte[] collect(IgbModelFixture fixture) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            var frame = fixture.wire().collect();
            if (frame.isPresent()) {
                return frame.get();
            }
            assertTrue(System.nanoTime() - deadline < 0, "nothing came out");
        }
    }

    private static void await(java.util.function.BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, what);
            Registers.delayMicros(500);
        }
    }

    @Test
    void aSpecIsEnoughForADeviceWithARingBehindIt() {
        try (MbufPool pool = MbufPool.create("spec", 1024);
                Port far = Ports.open("net_ring:model-far,peer=model-near");
                Port port =
                        Ports.open(
                                "net_igb:model7,wire=[net_ring:model-near,peer=model-far],"
                                        + "mac=02:00:00:00:12:34")) {
            far.configure(PortConfig.of(pool).withRings(64, 64));
            far.start();
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            assertEquals("net_igb:model7", port.name());
            IgbQtestFixture.awaitLink(port);
            byte[] frame = frame(port, 100);
            send(port, pool, frame);
            assertArrayEquals(frame, receive(far));
            send(far, pool, frame);
            assertArrayEquals(frame, receive(port));
            far.stop();
            await(() -> !port.link().up(), "the link follows the port at the other end");
        }
        assertTrue(Ports.all().isEmpty(), () -> "left open: " + Ports.all());
    }

    @Test
    void theEchoHostAnswersThroughTheModel() {
        try (MbufPool pool = MbufPool.create("echo", 1024);
                Port port = Ports.open("net_igb:model8,wire=echo,chip=i210")) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            IgbQtestFixture.awaitLink(port);
            byte[] arp = new byte[60];
            Arrays.fill(arp, 0, 6, (byte) -1);
            System.arraycopy(port.mac().bytes(), 0, arp, 6, 6);
            byte[] rest = {8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
            System.arraycopy(rest, 0, arp, 12, rest.length);
            System.arraycopy(port.mac().bytes(), 0, arp, 22, 6);
            byte[] addresses = {(byte) 192, (byte) 168, (byte) 210, 1};
            System.arraycopy(addresses, 0, arp, 28, 4);
            System.arraycopy(addresses, 0, arp, 38, 3);
            arp[41] = 2;
            send(port, pool, arp);
            byte[] answer = receive(port);
            assertEquals(2, answer[21], "an ARP reply");
            assertArrayEquals(port.mac().bytes(), Arrays.copyOf(answer, 6));
        }
    }

    @Test
    void wrongSpecsAreOneSentence() {
        refused("net_igb:model,chip=82599", "chip=82599 is wrong, it must be one of 82576|");
        refused("net_igb:model,fault=late", "fault=late is wrong, it must be some of [late-write");
        refused("net_igb:model,wire=nonsense", "nonsense");
        refused("net_igb:0000:01:00.0,chip=i210", "the option chip is for net_igb:model only");
        refused("net_igb:modest", "is not a PCI address");
        assertTrue(Ports.all().isEmpty());
    }

    private static void refused(String spec, String words) {
        SpecException e = assertThrows(SpecException.class, () -> Ports.open(spec));
        assertTrue(e.getMessage().contains(words), e::getMessage);
    }

    @ParameterizedTest
    @EnumSource
    void everyChipCarriesFramesOnAllQueues(IgbModelChip chip) {
        IgbModelFixture fixture = new IgbModelFixture(3, chip);
        try (MbufPool pool = MbufPool.create("chip", 4096);
                Port port = fixture.open()) {
            int queues = port.info().maxTxQueues();
            port.configure(
                    PortConfig.of(pool)
                            .withQueues(queues, queues)
                            .withRings(64, 64)
                            .withOffloads(
                                    EnumSet.of(RxOffload.VLAN_STRIP),
                                    EnumSet.of(TxOffload.VLAN_INSERT)));
            port.start();
            fixture.connect(port, pool);
            for (int q = 0; q < queues; q++) {
                byte[] frame = frame(port, 60 + q);
                try (var cache = pool.newCache()) {
                    Mbuf m = cache.take();
                    m.putBytes(m.append(frame.length), frame, 0, frame.length);
                    assertEquals(1, port.txQueue(q).txBurst(new Mbuf[] {m}, 0, 1));
                }
                assertArrayEquals(frame, collect(fixture));
            }
            fixture.inject(frame(port, 80));
            assertArrayEquals(frame(port, 80), receive(port));
        } finally {
            fixture.close();
        }
    }

    @Test
    void withoutDescriptorsFramesAreDroppedAndCounted() {
        IgbModelFixture fixture = new IgbModelFixture(3);
        try (MbufPool pool = MbufPool.create("drops", 1024);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            fixture.connect(port, pool);
            int sent = 500;
            for (int i = 0; i < sent; i++) {
                fixture.inject(frame(port, 1000));
            }
            await(() -> fixture.wire().waiting() == 0, "the device takes all frames");
            Map<String, Long> x = port.xstats();
            long missed = x.get("rx_missed_packets");
            assertTrue(missed > 0, x::toString);
            assertEquals(sent - missed, x.get("rx_mac_good_packets"));
            assertTrue(x.get("rx_no_buffer_packets") > 0, x::toString);
            for (int i = 0; i < sent - missed; i++) {
                assertEquals(1000, receive(port).length, "packet " + i);
            }
            assertEquals(0, port.rxQueue(0).rxBurst(new Mbuf[1], 0, 1));
        } finally {
            fixture.close();
        }
    }

    @Test
    void aQueueThatIsFullDoesNotHoldUpTheOthers() {
        IgbModelFixture fixture = new IgbModelFixture(3);
        try (MbufPool pool = MbufPool.create("drops", 1024);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withQueues(2, 1).withRings(64, 64));
            port.start();
            fixture.connect(port, pool);
            for (int i = 0; i < 200; i++) {
                fixture.inject(frame(port, 100));
            }
            await(() -> fixture.wire().waiting() == 0, "the device takes all frames");
            long dropped = 200 - 63;
            Registers regs = new Registers(fixture.model().bar(0), "test");
            Register rqdpc = IgbModel.table().registers().get("RQDPC");
            await(() -> fixture.model().registers().get(rqdpc, 0) == dropped, "drops of queue 0");
            assertEquals(dropped, regs.readAndClear(rqdpc, 0));
            assertEquals(0, regs.readAndClear(rqdpc, 0));
        } finally {
            fixture.close();
        }
    }

    @Test
    void pauseFramesAreObeyedAndSent() {
        IgbModelFixture fixture = new IgbModelFixture(3);
        Map<String, Register> table = IgbModel.table().registers();
        try (MbufPool pool = MbufPool.create("pause", 1024);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            fixture.connect(port, pool);
            Registers regs = new Registers(fixture.model().bar(0), "test");
            port.feature(FlowControl.class)
                    .orElseThrow()
                    .setPause(new FlowControl.Pause(false, true, true, 0x8000, 0x1000, 0x0680));
            byte[] pause = frame(port, 60);
            System.arraycopy(PAUSE, 0, pause, 0, 6);
            pause[12] = (byte) 0x88;
            pause[13] = 8;
            pause[14] = 0;
            pause[15] = 1;
            // 65535 quanta of 512 ns.
            pause[16] = (byte) -1;
            pause[17] = (byte) -1;
            long begin = System.nanoTime();
            fixture.inject(pause);
            await(() -> (regs.read(table.get("STATUS")) & 16) != 0, "STATUS.TXOFF");
            send(port, pool, frame(port, 60));
            collect(fixture);
            assertTrue(System.nanoTime() - begin >= 65_535 * 512L, "sent while paused");
            assertEquals(1, port.xstats().get("rx_xoff_packets"));
            for (int i = 0; i < 110; i++) {
                fixture.inject(frame(port, 1000));
            }
            byte[] out = collect(fixture);
            assertArrayEquals(PAUSE, Arrays.copyOf(out, 6));
            assertEquals(0x0680, (out[16] & 0xff) << 8 | (out[17] & 0xff));
            for (int i = 0; i < 110; i++) {
                receive(port);
            }
            out = collect(fixture);
            assertArrayEquals(PAUSE, Arrays.copyOf(out, 6));
            assertEquals(0, out[16] | out[17], "XON");
            assertEquals(0, port.xstats().get("rx_missed_packets"));
        } finally {
            fixture.close();
        }
    }

    @Test
    void vectorsAreSignalledMaskedAndModerated() {
        IgbModelFixture fixture = new IgbModelFixture(3);
        Map<String, Register> table = IgbModel.table().registers();
        try (MbufPool pool = MbufPool.create("irq", 1024);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            fixture.connect(port, pool);
            Registers regs = new Registers(fixture.model().bar(0), "test");
            IgbModel model = fixture.model();
            // The port uses them as well.
            regs.write(table.get("EIMC"), -1);
            regs.write(table.get("GPIE"), 0x4000_0010);
            regs.write(table.get("IVAR"), 0, 0x8281);
            regs.write(table.get("IVAR_MISC"), 0x8000);
            regs.write(table.get("EIAC"), 7);
            regs.write(table.get("EIAM"), 2);
            long before = model.vectors().signals(1);
            fixture.inject(frame(port, 60));
            receive(port);
            assertEquals(before, model.vectors().signals(1), "signals while masked");
            regs.write(table.get("EIMS"), 7);
            await(() -> model.vectors().signals(1) == before + 1, "what was pending");
            assertEquals(5, regs.read(table.get("EIMS")), "EIAM masks by itself");
            List<Long> times = new CopyOnWriteArrayList<>();
            model.vectors().connect(2, () -> times.add(System.nanoTime()));
            regs.write(table.get("EITR"), 2, 8_000 << 2);
            send(port, pool, frame(port, 60));
            await(() -> times.size() == 1, "the transmit vector");
            send(port, pool, frame(port, 60));
            await(() -> times.size() == 2, "the transmit vector again");
            assertTrue(times.get(1) - times.get(0) >= 4_000_000, times::toString);
            model.vectors().connect(0, null);
            regs.write(table.get("IMS"), 4);
            long earlier = model.vectors().signals(0);
            model.setCable(false);
            await(() -> model.vectors().signals(0) > earlier, "the link vector");
            assertEquals(4, regs.readAndClear(table.get("ICR"), 0) & 4);
        } finally {
            fixture.close();
        }
    }

    @Test
    void aFrameComesBackInLoopback() {
        IgbModelFixture fixture = new IgbModelFixture(3);
        try (MbufPool pool = MbufPool.create("loop", 1024);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            fixture.connect(port, pool);
            Registers regs = new Registers(fixture.model().bar(0), "test");
            regs.change(IgbModel.table().registers().get("RCTL"), 0, 1 << 6);
            byte[] frame = frame(port, 100);
            send(port, pool, frame);
            assertArrayEquals(frame, receive(port));
            assertTrue(fixture.wire().collect().isEmpty(), "nothing leaves");
        } finally {
            fixture.close();
        }
    }

    /** Two people's transcriptions of the same pages. */
    @Test
    void theDriversTableAgreesWithTheModels() {
        Map<String, Register> model = IgbModel.table().registers();
        Set<String> both = new java.util.TreeSet<>(IgbRegs.TABLE.registers().keySet());
        both.retainAll(model.keySet());
        assertTrue(both.size() > 100, both::toString);
        for (String name : both) {
            Register mine = IgbRegs.TABLE.registers().get(name);
            Register other = model.get(name);
            assertEquals(other.offset(), mine.offset(), name);
            if (mine.count() > 1) {
                assertEquals(other.stride(), mine.stride(), name);
            }
        }
    }
}
