// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

class SoftPortTest {
    private MbufPool pool;
    private Port port;

    @BeforeEach
    void open() {
        pool = MbufPool.create("soft-test", 2048);
        port = Ports.open("net_soft:0,port=[net_ring:0]");
        port.configure(
                PortConfig.of(pool)
                        .withRings(32, 32)
                        .withOffloads(Set.of(RxOffload.SCATTER), port.info().txOffloads()));
        port.start();
    }

    @AfterEach
    void everyBufferIsBack() {
        port.close();
        assertEquals(0, pool.taken());
        assertEquals(0, Ports.all().size());
        pool.close();
    }

    private void receiveAll(List<byte[]> out) {
        Mbuf[] one = new Mbuf[1];
        while (port.rxQueue(0).rxBurst(one, 0, 1) == 1) {
            assertEquals(port.id(), one[0].port());
            out.add(Packets.consume(one[0]));
        }
    }

    @Test
    void splitsAndKeepsTheOrder() {
        byte[] large = SegmenterTest.frame(false, 10_000, 5);
        byte[] small = Frames.ethernet(1, 2, 0x88b5, Frames.pattern(100));
        Mbuf[] burst = {
            Packets.of(pool, small),
            SegmenterTest.superPacket(pool, large, false, 1448, 2048),
            Packets.of(pool, small),
        };
        assertEquals(3, port.txQueue(0).txBurst(burst, 0, 3));
        List<byte[]> out = new ArrayList<>();
        receiveAll(out);
        assertArrayEquals(small, out.removeFirst());
        assertArrayEquals(small, out.removeLast());
        SegmenterTest.assertSegments(large, 1448, out);
        assertEquals(9, port.stats().txPackets());
        assertEquals(9, port.stats().rxPackets());
    }

    /** 40 segments into a ring of 32: all or nothing, and the rest comes with the next call. */
    @Test
    void aPacketIsTakenWholeOrLeft() {
        byte[] large = SegmenterTest.frame(true, 40_000);
        byte[] small = Frames.ethernet(1, 2, 0x88b5, new byte[100]);
        Mbuf[] burst = {
            SegmenterTest.superPacket(pool, large, true, 1000, 2048), Packets.of(pool, small),
        };
        assertEquals(1, port.txQueue(0).txBurst(burst, 0, 2));
        assertEquals(0, port.txQueue(0).txBurst(burst, 1, 1));
        List<byte[]> out = new ArrayList<>();
        receiveAll(out);
        assertEquals(32, out.size());
        port.txQueue(0).reclaim();
        receiveAll(out);
        SegmenterTest.assertSegments(large, 1000, out);
        assertEquals(1, port.txQueue(0).txBurst(burst, 1, 1));
        receiveAll(out);
        assertArrayEquals(small, out.getLast());

        Mbuf[] fill = new Mbuf[33];
        for (int i = 0; i < 32; i++) {
            fill[i] = Packets.of(pool, small);
        }
        fill[32] = SegmenterTest.superPacket(pool, large, true, 1000, 2048);
        assertEquals(32, port.txQueue(0).txBurst(fill, 0, 33));
        assertArrayEquals(large, Packets.bytes(fill[32]));
        assertTrue(fill[32].has(MbufFlags.TX_TSO));
        fill[32].free();
    }

    @Test
    void whatWaitsIsFreedAndCountedAtStop() {
        byte[] large = SegmenterTest.frame(false, 40_000);
        Mbuf[] one = {SegmenterTest.superPacket(pool, large, false, 1000, 2048)};
        assertEquals(1, port.txQueue(0).txBurst(one, 0, 1));
        assertEquals(40, pool.taken());
        port.stop();
        assertEquals(0, pool.taken());
        assertEquals(8, port.stats().txDropped());
        assertEquals(32, port.stats().txPackets());
    }

    @Test
    void completesChecksums() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            boolean v6 = random.nextBoolean();
            byte[] udp = Frames.udp(1, 2, Frames.pattern(random.nextInt(1400)));
            byte[] p =
                    v6
                            ? Frames.ipv6("fd00::1", "fd00::2", 17, 64, udp)
                            : Frames.ipv4("10.0.0.1", "10.0.0.2", 17, udp);
            byte[] frame = Frames.ethernet(1, 2, v6 ? 0x86dd : 0x800, p);
            int l4 = v6 ? 40 : 20;
            Frames.put(p, l4 + 6, Frames.pseudo(p, 17, p.length - l4));
            Mbuf m = Packets.of(pool, Frames.ethernet(1, 2, v6 ? 0x86dd : 0x800, p), 500);
            m.setHeaderLengths(14, l4, 8);
            m.setFlags(MbufFlags.TX_UDP_CKSUM | (v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4));
            assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
            assertArrayEquals(frame, Packets.consume(Packets.receive(port.rxQueue(0))));
        }
    }

    @Test
    void malformedRequestsAreConsumedAndCounted() {
        byte[] frame = SegmenterTest.frame(false, 100);
        Mbuf noSize = SegmenterTest.superPacket(pool, frame, false, 0, 2048);
        Mbuf noLengths = Packets.of(pool, frame);
        noLengths.setFlags(MbufFlags.TX_TCP_CKSUM | MbufFlags.TX_IPV4);
        assertEquals(2, port.txQueue(0).txBurst(new Mbuf[] {noSize, noLengths}, 0, 2));
        assertEquals(2, port.stats().txErrors());
        assertEquals(0, port.stats().txPackets());
    }

    @Test
    void countersAndSettingsAreThoseOfThePortInside() {
        Port inner = Ports.get("net_ring:0").orElseThrow();
        port.setMtu(1000);
        assertEquals(1000, inner.mtu());
        port.setPromiscuous(true);
        assertTrue(inner.promiscuous());
        assertTrue(port.link().up());
        assertTrue(port.xstats().containsKey("peer_up"));
        port.stop();
        assertTrue(!port.link().up());
        assertEquals("net_soft", port.info().driver());
    }
}
