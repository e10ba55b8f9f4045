// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.contract.TestFrames;
import io.vpmd.ixgbe.model.IxgbeModelChip;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Packets that the device coalesces side by side (T0). */
@Timeout(60)
class IxgbeRscTest {
    private static final int RING = 64;
    private static final int PAYLOAD = 1_000;
    private static final int SEGMENTS = 20;
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final Set<RxOffload> RX =
            EnumSet.of(RxOffload.TCP_LRO, RxOffload.SCATTER, RxOffload.L4_CHECKSUM);
    private static final Set<TxOffload> TX =
            EnumSet.of(TxOffload.TCP_TSO, TxOffload.TCP_CHECKSUM, TxOffload.MULTI_SEGMENT);

    private final List<TcpStream> streams = new ArrayList<>();
    private final Mbuf[] into = new Mbuf[RING];
    private final HeldClock clock = new HeldClock();
    private IxgbeModelFixture fixture;
    private MbufPool pool;
    private Port port;

    @AfterEach
    void end() {
        clock.release();
        port.close();
        fixture.close();
        assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
    }

    private void started(IxgbeModelChip chip, int buffers, int flows) {
        fixture = new IxgbeModelFixture(12, chip, clock);
        pool = MbufPool.create("rsc", buffers);
        port = fixture.open();
        port.configure(PortConfig.of(pool).withRings(RING, RING).withOffloads(RX, TX));
        port.start();
        fixture.connect(port, pool);
        for (int i = 0; i < flows; i++) {
            streams.add(new TcpStream(port.mac(), i));
        }
    }

    /**
     * Injects frames that wait in the device until the ring has descriptors again. No interval of
     * the throttle passes from now on, which would end packets.
     */
    private void whileTheRingIsFull(Runnable inject) {
        clock.hold();
        byte[] filler = new byte[60];
        System.arraycopy(port.mac().bytes(), 0, filler, 0, 6);
        filler[12] = (byte) 0x88;
        filler[13] = (byte) 0xb5;
        for (int i = 0; i < RING - 1; i++) {
            fixture.inject(filler);
        }
        inDevice();
        inject.run();
        inDevice();
    }

    private void inDevice() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (fixture.wire().waiting() > 0) {
            assertTrue(System.nanoTime() - deadline < 0, "frames stay on the wire");
            Registers.delayMicros(100);
        }
        // The device's lock: who holds it has finished the turn that took the last frame.
        assertTrue(fixture.model().flowFilters() >= 0);
    }

    /** One segment of each stream in turn; the last of each is pushed. */
    private void injectInTurn() {
        for (int i = 0; i < SEGMENTS; i++) {
            for (TcpStream stream : streams) {
                fixture.inject(stream.segment(PAYLOAD, i == SEGMENTS - 1));
            }
        }
    }

    private Mbuf next() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (port.rxQueue(0).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing was received");
            Registers.delayMicros(50);
        }
        return into[0];
    }

    private void skipFillers() {
        int left = RING - 1;
        while (left > 0) {
            Mbuf m = next();
            assertEquals(60, m.packetLength());
            m.free();
            left--;
        }
    }

    private void check(Mbuf m) {
        streams.get(TcpStream.port(TestFrames.bytes(m))).check(m);
    }

    private boolean allHaveCome() {
        return streams.stream().allMatch(s -> s.come() == SEGMENTS * PAYLOAD);
    }

    @ParameterizedTest
    @EnumSource(
            value = IxgbeModelChip.class,
            names = {"E82599_KX4", "X540", "X550"})
    void flowsThatArriveTogetherAreOnePacketEach(IxgbeModelChip chip) {
        started(chip, 1024, 3);
        whileTheRingIsFull(this::injectInTurn);
        skipFillers();
        for (int i = 0; i < streams.size(); i++) {
            Mbuf m = next();
            assertTrue(m.has(MbufFlags.RX_LRO), "coalesced");
            assertEquals(TcpStream.HEADERS + SEGMENTS * PAYLOAD, m.packetLength());
            assertEquals((m.packetLength() + 2047) / 2048, m.segments());
            assertEquals(PAYLOAD, m.segmentSize());
            check(m);
            m.free();
        }
        assertTrue(allHaveCome());
        assertEquals(3, fixture.model().coalescedPackets());
    }

    @Test
    void anEmptyPoolOnlyHoldsThingsUp() {
        // The ring, and some more than the 30 that packets have while they are put together.
        started(IxgbeModelChip.E82599_KX4, RING + 40, 3);
        whileTheRingIsFull(this::injectInTurn);
        List<Mbuf> held = new ArrayList<>();
        int n = port.rxQueue(0).rxBurst(into, 0, RING);
        while (n > 0) {
            held.addAll(Arrays.asList(into).subList(0, n));
            n = port.rxQueue(0).rxBurst(into, 0, RING);
        }
        assertEquals(40, held.size(), "until the pool was empty");
        int fillers = 0;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!allHaveCome()) {
            assertTrue(System.nanoTime() - deadline < 0, "not all of it was received");
            if (!held.isEmpty()) {
                Mbuf m = held.removeFirst();
                if (m.packetLength() == 60) {
                    fillers++;
                } else {
                    check(m);
                }
                m.free();
            }
            n = port.rxQueue(0).rxBurst(into, 0, RING);
            held.addAll(Arrays.asList(into).subList(0, n));
        }
        held.forEach(Mbuf::free);
        assertEquals(RING - 1, fillers);
        assertTrue(fixture.model().coalescedPackets() > 0);
    }

    @Test
    void whatIsUnderWayAtAStopIsFreed() {
        started(IxgbeModelChip.E82599_KX4, 1024, 2);
        whileTheRingIsFull(this::injectInTurn);
        skipFillers();
        // That of one stream is complete, that of the other has most of its buffers.
        Mbuf m = next();
        check(m);
        assertTrue(
                pool.taken() > RING + m.segments(),
                () -> "no packet is under way: " + pool.taken());
        m.free();
        clock.release();
        port.stop();
        assertEquals(0, pool.taken(), "buffers of a stopped port");
        port.start();
        fixture.connect(port, pool);
        streams.clear();
        streams.add(new TcpStream(port.mac(), 0));
        injectInTurn();
        while (!allHaveCome()) {
            Mbuf more = next();
            check(more);
            more.free();
        }
    }

    @Test
    void aFrameOfSeveralBuffersIsWholeBetweenThem() {
        started(IxgbeModelChip.E82599_KX4, 1024, 2);
        port.setMtu(9_000);
        byte[] jumbo = new byte[5_000];
        System.arraycopy(port.mac().bytes(), 0, jumbo, 0, 6);
        jumbo[12] = (byte) 0x88;
        jumbo[13] = (byte) 0xb5;
        jumbo[4_999] = 17;
        whileTheRingIsFull(
                () -> {
                    fixture.inject(streams.get(0).segment(PAYLOAD, false));
                    fixture.inject(streams.get(1).segment(PAYLOAD, false));
                    fixture.inject(jumbo);
                    fixture.inject(streams.get(1).segment(PAYLOAD, true));
                    fixture.inject(streams.get(0).segment(PAYLOAD, true));
                });
        skipFillers();
        int jumbos = 0;
        for (int i = 0; i < 3; i++) {
            Mbuf m = next();
            if (m.packetLength() == jumbo.length) {
                assertArrayEquals(jumbo, TestFrames.bytes(m));
                assertEquals(3, m.segments());
                assertFalse(m.has(MbufFlags.RX_LRO));
                jumbos++;
            } else {
                check(m);
            }
            m.free();
        }
        assertEquals(1, jumbos);
        assertTrue(streams.stream().allMatch(s -> s.come() == 2 * PAYLOAD));
    }

    @Test
    void itCanBeSentAsItIs() {
        started(IxgbeModelChip.X550, 1024, 1);
        whileTheRingIsFull(this::injectInTurn);
        skipFillers();
        into[0] = next();
        assertTrue(into[0].has(MbufFlags.RX_LRO));
        assertEquals(1, port.txQueue(0).txBurst(into, 0, 1));
        TcpStream stream = streams.getFirst();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        int frames = 0;
        while (!allHaveCome()) {
            assertTrue(System.nanoTime() - deadline < 0, "not all of it was sent");
            var frame = fixture.collect();
            if (frame.isPresent()) {
                assertEquals(TcpStream.HEADERS + PAYLOAD, frame.get().bytes().length);
                stream.check(frame.get().bytes(), false);
                frames++;
            }
        }
        assertEquals(SEGMENTS, frames);
    }

    @Test
    void oneBufferIsNotEnough() {
        started(IxgbeModelChip.E82599_KX4, 1024, 0);
        port.stop();
        PortConfig wrong =
                port.config().withOffloads(EnumSet.of(RxOffload.TCP_LRO), EnumSet.copyOf(TX));
        PortException e = assertThrows(PortException.class, () -> port.configure(wrong));
        assertTrue(e.getMessage().contains("SCATTER"), e::getMessage);
    }
}
