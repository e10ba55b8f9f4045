// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class RingPortTest {
    private MbufPool pool;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("ring-test", 2048);
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        assertEquals(0, Ports.all().size());
        pool.close();
    }

    private Port started(String spec, PortConfig config) {
        Port port = Ports.open(spec);
        port.configure(config);
        port.start();
        return port;
    }

    @Test
    void loopsBackPerQueueInOrder() {
        try (Port port = started("net_ring:0", PortConfig.of(pool).withQueues(3, 3))) {
            assertTrue(port.info().loopback());
            for (int q = 0; q < 3; q++) {
                Mbuf[] burst = new Mbuf[40];
                for (int i = 0; i < 40; i++) {
                    burst[i] = Packets.of(pool, new byte[60 + i]);
                    burst[i].putByte(0, q);
                }
                assertEquals(40, port.txQueue(q).txBurst(burst, 0, 40));
            }
            for (int q = 0; q < 3; q++) {
                for (int i = 0; i < 40; i++) {
                    Mbuf m = Packets.receive(port.rxQueue(q));
                    assertEquals(60 + i, m.packetLength());
                    assertEquals(q, m.u8At(0));
                    assertEquals(port.id(), m.port());
                    m.free();
                }
                Packets.assertNothing(port.rxQueue(q));
            }
            assertEquals(120, port.stats().txPackets());
            assertEquals(120, port.stats().rxPackets());
            assertEquals(3 * (40 * 60 + 39 * 20), port.stats().rxBytes());
            assertEquals(port.stats().rxBytes(), port.stats().txBytes());
        }
    }

    @Test
    void shortReturnOnlyWhenFullAndAllOfTheRingIsUsable() {
        try (Port port = started("net_ring:0", PortConfig.of(pool).withRings(64, 64))) {
            TxQueue tx = port.txQueue(0);
            RxQueue rx = port.rxQueue(0);
            Mbuf[] burst = new Mbuf[100];
            for (int round = 0; round < 300; round++) {
                for (int i = 0; i < 100; i++) {
                    burst[i] = Packets.of(pool, new byte[64]);
                    burst[i].putInt(0, round * 100 + i);
                }
                assertEquals(64, tx.txBurst(burst, 0, 100));
                assertEquals(0, tx.txBurst(burst, 64, 36));
                Mbuf[] got = new Mbuf[100];
                assertEquals(30, rx.rxBurst(got, 0, 30));
                assertEquals(30, tx.txBurst(burst, 64, 36));
                assertEquals(64, rx.rxBurst(got, 30, 70));
                for (int i = 0; i < 94; i++) {
                    assertSame(burst[i], got[i]);
                    assertEquals(round * 100 + i, got[i].intAt(0));
                    got[i].free();
                }
                for (int i = 94; i < 100; i++) {
                    burst[i].free();
                }
            }
        }
    }

    @Test
    void malformedPacketsAreConsumedAndCounted() {
        try (Port port = started("net_ring:0", PortConfig.of(pool))) {
            port.setMtu(100);
            Mbuf request = Packets.of(pool, new byte[64]);
            request.setFlags(MbufFlags.TX_TCP_CKSUM | MbufFlags.TX_IPV4);
            Mbuf[] burst = {
                Packets.of(pool, new byte[13]),
                Packets.of(pool, new byte[14]),
                Packets.of(pool, new byte[122]),
                Packets.of(pool, new byte[123]),
                Packets.of(pool, new byte[64], 20),
                request,
                Packets.of(pool, new byte[60]),
            };
            assertEquals(7, port.txQueue(0).txBurst(burst, 0, 7));
            assertEquals(4, port.stats().txErrors());
            assertEquals(3, port.stats().txPackets());
            assertEquals(14 + 122 + 60, port.stats().txBytes());
            for (int length : new int[] {14, 122, 60}) {
                Mbuf m = Packets.receive(port.rxQueue(0));
                assertEquals(length, m.packetLength());
                m.free();
            }
            Packets.assertNothing(port.rxQueue(0));
        }
    }

    @Test
    void chainsPassWhenRequested() {
        PortConfig config =
                PortConfig.of(pool)
                        .withOffloads(Set.of(RxOffload.SCATTER), Set.of(TxOffload.MULTI_SEGMENT));
        try (Port port = started("net_ring:0", config)) {
            port.setMtu(9000);
            byte[] bytes = new byte[9000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31);
            }
            port.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, bytes, 700)}, 0, 1);
            assertArrayEquals(bytes, Packets.consume(Packets.receive(port.rxQueue(0))));
        }
    }

    @Test
    void stopFreesWhatIsInside() {
        try (Port port = started("net_ring:0", PortConfig.of(pool))) {
            port.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, new byte[64])}, 0, 1);
            assertEquals(1, pool.taken());
            port.stop();
            assertEquals(0, pool.taken());
            Mbuf late = Packets.of(pool, new byte[64]);
            assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {late}, 0, 1));
            assertEquals(1, port.stats().txDropped());
            port.start();
            Packets.assertNothing(port.rxQueue(0));
        }
    }

    @Test
    void pairIsAWireWithCarrier() throws InterruptedException {
        LinkedBlockingQueue<PortEvent> events = new LinkedBlockingQueue<>();
        try (Port a = started("net_ring:a,peer=b", PortConfig.of(pool));
                Port b = Ports.open("net_ring:b,peer=a")) {
            a.addListener((_, event) -> events.add(event));
            assertFalse(a.link().up());
            Mbuf early = Packets.of(pool, new byte[64]);
            assertEquals(1, a.txQueue(0).txBurst(new Mbuf[] {early}, 0, 1));
            assertEquals(1, a.stats().txDropped());
            b.configure(PortConfig.of(pool));
            b.start();
            assertTrue(a.link().up() && b.link().up());
            PortEvent event = events.poll(5, TimeUnit.SECONDS);
            assertTrue(event instanceof PortEvent.LinkChanged c && c.link().up(), "" + event);

            a.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, new byte[65])}, 0, 1);
            b.txQueue(0).txBurst(new Mbuf[] {Packets.of(pool, new byte[66])}, 0, 1);
            assertEquals(66, Packets.consume(Packets.receive(a.rxQueue(0))).length);
            assertEquals(65, Packets.consume(Packets.receive(b.rxQueue(0))).length);
            Packets.assertNothing(a.rxQueue(0));

            b.stop();
            assertFalse(a.link().up());
            event = events.poll(5, TimeUnit.SECONDS);
            assertTrue(event instanceof PortEvent.LinkChanged c && !c.link().up(), "" + event);
        }
    }

    @Test
    void aRingHasOneSender() {
        try (Port _ = Ports.open("net_ring:b")) {
            PortException e =
                    assertThrows(PortException.class, () -> Ports.open("net_ring:a,peer=b"));
            assertTrue(e.getMessage().contains("net_ring:b sends to net_ring:b already"));
        }
        try (Port _ = Ports.open("net_ring:a,peer=b");
                Port _ = Ports.open("net_ring:b,peer=a")) {
            assertEquals(2, Ports.all().size());
        }
    }

    @Test
    void armWakesASleeperAndSaysWhenThereIsSomething() {
        try (Port port = started("net_ring:0", PortConfig.of(pool));
                RxWaiter waiter = new RxWaiter()) {
            RxQueue rx = port.rxQueue(0);
            waiter.add(rx);
            assertTrue(rx.arm());
            assertFalse(waiter.await(1_000_000), "nothing to wake it");
            TxQueue tx = port.txQueue(0);
            tx.txBurst(new Mbuf[] {Packets.of(pool, new byte[64])}, 0, 1);
            assertTrue(waiter.await(10_000_000_000L));
            assertFalse(rx.arm());
            Packets.receive(rx).free();
            assertFalse(waiter.await(1_000_000), "the signal is used up");
        }
    }

    /** A lost wake-up would leave the consumer asleep for 5 s. */
    @Test
    void noWakeUpIsLost() {
        int packets = 20_000;
        try (Port port = started("net_ring:0", PortConfig.of(pool));
                RxWaiter waiter = new RxWaiter()) {
            waiter.add(port.rxQueue(0));
            CompletableFuture<Void> sender =
                    CompletableFuture.runAsync(() -> sendSlowly(port.txQueue(0), packets));
            Mbuf[] into = new Mbuf[32];
            int got = 0;
            while (got < packets) {
                int n = port.rxQueue(0).rxBurst(into, 0, 32);
                for (int i = 0; i < n; i++) {
                    assertEquals(got++, into[i].intAt(14));
                    into[i].free();
                }
                if (n == 0) {
                    assertTrue(waiter.await(5_000_000_000L), "slept through an arrival");
                }
            }
            sender.join();
        }
    }

    private void sendSlowly(TxQueue tx, int packets) {
        Mbuf[] one = new Mbuf[1];
        for (int i = 0; i < packets; i++) {
            one[0] = Packets.of(pool, new byte[64]);
            one[0].putInt(14, i);
            while (tx.txBurst(one, 0, 1) == 0) {
                Thread.onSpinWait();
            }
            while (pool.free() < 256) {
                Thread.onSpinWait();
            }
        }
    }

    /** Two threads burst across while both ports are stopped and started. */
    @Test
    void stopsAndStartsUnderTrafficOfBothEnds() throws InterruptedException {
        try (Port a = started("net_ring:a,peer=b", PortConfig.of(pool));
                Port b = started("net_ring:b,peer=a", PortConfig.of(pool))) {
            Thread forth = Thread.ofPlatform().start(() -> exchange(a));
            Thread back = Thread.ofPlatform().start(() -> exchange(b));
            for (int i = 0; i < 300; i++) {
                Port port = (i & 1) == 0 ? a : b;
                port.stop();
                port.start();
            }
            forth.interrupt();
            back.interrupt();
            forth.join();
            back.join();
        }
    }

    private void exchange(Port port) {
        Mbuf[] burst = new Mbuf[8];
        while (!Thread.currentThread().isInterrupted()) {
            for (int i = 0; i < burst.length; i++) {
                burst[i] = Packets.of(pool, new byte[64]);
            }
            int sent = port.txQueue(0).txBurst(burst, 0, burst.length);
            for (int i = sent; i < burst.length; i++) {
                burst[i].free();
            }
            int n = port.rxQueue(0).rxBurst(burst, 0, burst.length);
            for (int i = 0; i < n; i++) {
                burst[i].free();
            }
        }
    }
}
