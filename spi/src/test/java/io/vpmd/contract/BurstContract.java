// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What a burst promises: order, ranges, and whose a packet is. */
interface BurstContract extends Rigged {
    @Test
    default void whatIsSentComesOutCompleteAndInOrder() {
        rig().needCollect();
        rig().started();
        int first = 0;
        for (int burst : new int[] {1, 7, 32, 64}) {
            List<byte[]> frames = rig().frames(first, 200);
            Rig.assertFrames(frames, rig().send(frames, burst));
            first += 200;
        }
    }

    @Test
    default void whatComesInIsReceivedCompleteAndInOrder() {
        rig().needInject();
        Port port = rig().started();
        int first = 0;
        for (int burst : new int[] {1, 7, 32, 64}) {
            List<byte[]> frames = rig().frames(first, 200);
            Rig.assertFrames(frames, rig().receive(frames, burst));
            first += 200;
        }
        assertEquals(0, port.rxQueue(0).rxBurst(new Mbuf[1], 0, 1), "after the last frame");
    }

    @Test
    default void aReceivedPacketIsFreshAndCarriesItsPort() {
        rig().needInject();
        Port port = rig().started();
        rig().fixture().inject(rig().frame(1, 100));
        Mbuf m = receiveOne();
        assertEquals(port.id(), m.port(), "port()");
        assertEquals(100, m.packetLength(), "packetLength()");
        assertEquals(100, m.dataLength(), "dataLength()");
        assertEquals(1, m.segments(), "segments()");
        assertNull(m.next(), "next()");
        m.free();
    }

    private Mbuf receiveOne() {
        Mbuf[] one = new Mbuf[1];
        Deadline deadline = Deadline.in(2_000);
        while (rig().port().rxQueue(0).rxBurst(one, 0, 1) == 0) {
            deadline.check("the packet does not arrive");
        }
        return one[0];
    }

    @Test
    default void rxBurstKeepsToItsRange() {
        rig().needInject();
        RxQueue rx = rig().started().rxQueue(0);
        List<byte[]> frames = rig().frames(0, 40);
        frames.forEach(rig().fixture()::inject);
        rig().settle();
        Mbuf guard = rig().packet(rig().frame(99, 60));
        Mbuf[] into = new Mbuf[20];
        int seen = 0;
        for (int max : new int[] {0, 1, 3, 8, 15, 15, 15}) {
            Arrays.fill(into, guard);
            int n = rx.rxBurst(into, 5, max);
            assertEquals(Math.clamp(n, 0, max), n, "rxBurst of at most " + max);
            for (int i = 0; i < into.length; i++) {
                boolean inside = i >= 5 && i < 5 + n;
                if (inside) {
                    assertNotSame(guard, into[i], "element " + i + " of a burst of " + n);
                    assertEquals(seen++, TestFrames.sequence(into[i]), "number of the frame");
                    into[i].free();
                } else {
                    assertSame(guard, into[i], "element " + i + " after a burst of " + n);
                }
            }
        }
        guard.free();
        assertEquals(40, seen, "frames received");
    }

    @Test
    default void emptyBurstsDoNothing() {
        Port port = rig().started();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, port.txQueue(0).txBurst(new Mbuf[0], 0, 0), "txBurst of 0");
            assertEquals(0, port.txQueue(0).txBurst(new Mbuf[3], 3, 0), "txBurst of 0 at the end");
            assertEquals(0, port.rxQueue(0).rxBurst(new Mbuf[0], 0, 0), "rxBurst of at most 0");
            port.txQueue(0).reclaim();
        }
        assertEquals(0, port.stats().txPackets(), "txPackets");
    }

    @Test
    default void txBurstKeepsNeitherTheArrayNorTheRest() {
        rig().needCollect();
        TxQueue tx = rig().started().txQueue(0);
        List<byte[]> frames = rig().frames(0, 20);
        List<byte[]> out = new ArrayList<>();
        Mbuf guard = rig().packet(rig().frame(99, 60));
        Mbuf[] from = new Mbuf[30];
        Arrays.fill(from, guard);
        for (int i = 0; i < 20; i++) {
            from[5 + i] = rig().packet(frames.get(i));
        }
        Mbuf[] before = from.clone();
        int n = tx.txBurst(from, 5, 20);
        assertEquals(20, n, "an empty queue takes 20 packets");
        assertTrue(Arrays.equals(before, from), "txBurst wrote into the caller's array");
        Arrays.fill(from, guard);
        Rig.assertFrames(frames, rig().collect(20, out));
        tx.txBurst(from, 0, 0);
        guard.free();
    }

    /** Fills the queue of a loopback port: what it does not take is untouched and can be sent. */
    @Test
    default void aShortReturnLeavesTheRestToTheCaller() {
        rig().need(rig().info().loopback(), "queue that fills up while nobody receives");
        rig().needCollect();
        MbufPool pool = rig().newPool("rest", 3000);
        TxQueue tx = rig().started().txQueue(0);
        List<Mbuf> packets = packets(pool, 2900);
        Mbuf[] from = packets.toArray(Mbuf[]::new);
        int sent = 0;
        int n = 32;
        while (n == 32 && sent + 32 <= from.length) {
            n = tx.txBurst(from, sent, 32);
            assertEquals(Math.clamp(n, 0, 32), n, "txBurst is out of its range");
            sent += n;
        }
        assertTrue(sent < from.length - 32, "the queue took 2900 packets and is not full");
        assertTrue(sent >= 128, "a ring of 256 took " + sent);
        assertEquals(0, tx.txBurst(from, sent, 32), "a full queue takes none");
        List<Mbuf> rest = packets.subList(sent, from.length);
        assertNoneFree(pool, rest);
        List<byte[]> out = new ArrayList<>();
        rig().sendAll(rest.toArray(Mbuf[]::new), rest.size(), out);
        rig().collect(from.length, out);
        assertEquals(
                java.util.stream.IntStream.range(0, from.length).boxed().toList(),
                out.stream().map(TestFrames::sequence).toList(),
                "numbers of the frames");
        assertEquals(0, rig().port().stats().txDropped(), "txDropped");
    }

    private List<Mbuf> packets(MbufPool pool, int count) {
        List<Mbuf> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.add(TestFrames.packet(pool, rig().frame(i, 60)));
        }
        return packets;
    }

    /** Takes all that is free in the pool: none of it may be a packet that is the caller's. */
    private static void assertNoneFree(MbufPool pool, List<Mbuf> mine) {
        Set<Mbuf> owned = Collections.newSetFromMap(new IdentityHashMap<>());
        owned.addAll(mine);
        try (MbufCache cache = pool.newCache()) {
            List<Mbuf> free = new ArrayList<>();
            Mbuf m = cache.take();
            while (m != null && free.size() < pool.size()) {
                assertTrue(!owned.contains(m), "a packet left to the caller is free in its pool");
                free.add(m);
                m = cache.take();
            }
            free.forEach(cache::free);
        }
    }
}
