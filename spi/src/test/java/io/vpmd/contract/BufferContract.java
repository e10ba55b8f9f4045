// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.PoolException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Buffers of every pool can be sent, come back to it, and keep it from being closed. */
interface BufferContract extends Rigged {
    @Test
    default void poolsFromBeforeAndAfterTheOpeningMixInOneBurst() {
        MbufPool before = rig().newPool("before", 512);
        Port port = rig().started();
        MbufPool after = rig().newPool("after", 512);
        List<MbufPool> pools = List.of(rig().pool(), before, after);
        List<byte[]> frames = rig().frames(0, 300);
        List<byte[]> out = new ArrayList<>();
        Mbuf[] burst = new Mbuf[30];
        for (int at = 0; at < 300; at += 30) {
            for (int i = 0; i < 30; i++) {
                burst[i] = TestFrames.packet(pools.get(i % 3), frames.get(at + i));
            }
            if (rig().fixture().collects()) {
                rig().sendAll(burst, 30, out);
            } else {
                assertEquals(30, port.txQueue(0).txBurst(burst, 0, 30));
            }
        }
        if (rig().fixture().collects()) {
            Rig.assertFrames(frames, rig().collect(300, out));
        }
        assertEquals(0, port.stats().txErrors(), "txErrors");
    }

    @Test
    default void aChainMayMixPools() {
        rig().need(rig().info().txOffloads().contains(TxOffload.MULTI_SEGMENT), "chained packets");
        rig().needCollect();
        MbufPool other = rig().newPool("other", 512);
        Set<TxOffload> tx = EnumSet.of(TxOffload.MULTI_SEGMENT);
        rig().started(rig().config().withOffloads(Set.of(), tx));
        List<byte[]> out = new ArrayList<>();
        List<byte[]> frames = rig().frames(0, 100);
        for (int i = 0; i < 100; i++) {
            int segment = Math.max(1, frames.get(i).length / (1 + i % 5) + 1);
            Mbuf m = TestFrames.packet(List.of(rig().pool(), other), frames.get(i), segment);
            rig().sendAll(new Mbuf[] {m}, 1, out);
        }
        Rig.assertFrames(frames, rig().collect(100, out));
    }

    @Test
    default void stopGivesAllBuffersBack() {
        Port port = rig().started();
        for (int round = 0; round < 3; round++) {
            Mbuf[] burst = new Mbuf[64];
            for (int i = 0; i < 64; i++) {
                burst[i] = rig().packet(rig().frame(i, 200));
            }
            int n = port.txQueue(0).txBurst(burst, 0, 64);
            for (int i = n; i < 64; i++) {
                burst[i].free();
            }
            if (rig().fixture().collects() && !port.info().loopback()) {
                // What has reached the other side is no longer the port's.
                rig().collect(n, new ArrayList<>());
            }
            port.stop();
            rig().assertNothingTaken("after stop");
            port.start();
        }
    }

    @Test
    default void aPoolThatAPortReceivesIntoCannotBeClosed() {
        Port port = rig().port();
        MbufPool own = rig().newPool("receive", 1024);
        rig().started(io.vpmd.spi.PortConfig.of(own).withRings(256, 256));
        PoolException e = assertThrows(PoolException.class, () -> own.close(20));
        // A decorator's buffers are held by the port inside.
        assertTrue(
                Ports.all().stream().anyMatch(p -> e.getMessage().contains(p.name())),
                e::getMessage);
        assertTrue(e.getMessage().contains("receive"), e::getMessage);
        if (rig().fixture().injects()) {
            List<byte[]> frames = rig().frames(0, 50);
            Rig.assertFrames(frames, rig().receive(frames, 16));
        }
        port.stop();
        own.close();
        PortException stale = assertThrows(PortException.class, port::start);
        assertTrue(stale.getMessage().contains("receive"), stale::getMessage);
        port.configure(rig().config());
        port.start();
    }

    @Test
    default void aPoolWhoseBuffersWereSentCanBeClosedOnceTheyAreOut() {
        Port port = rig().started();
        MbufPool sent = rig().newPool("sent", 256);
        List<byte[]> out = new ArrayList<>();
        Mbuf[] burst = new Mbuf[100];
        for (int i = 0; i < 100; i++) {
            burst[i] = TestFrames.packet(sent, rig().frame(i, 60));
        }
        int n = port.txQueue(0).txBurst(burst, 0, 100);
        for (int i = n; i < 100; i++) {
            burst[i].free();
        }
        if (rig().fixture().collects()) {
            rig().collect(n, out);
        } else {
            port.stop();
        }
        sent.close();
        port.start();
        if (rig().fixture().collects()) {
            List<byte[]> frames = rig().frames(0, 50);
            Rig.assertFrames(frames, rig().send(frames, 16));
        }
    }

    /** Without a buffer to receive into, packets are dropped and counted, and it recovers. */
    @Test
    default void receivingRecoversFromAnEmptyPool() {
        rig().needInject();
        Port port = rig().started();
        try (var cache = rig().pool().newCache()) {
            List<Mbuf> hoard = new ArrayList<>();
            Mbuf m = cache.take();
            while (m != null) {
                hoard.add(m);
                m = cache.take();
            }
            for (int i = 0; i < 8 && i < hoard.size(); i++) {
                hoard.removeLast().free();
            }
            cache.flush();
            Mbuf[] into = new Mbuf[32];
            for (int i = 0; i < 4; i++) {
                rig().fixture().inject(rig().frame(1000 + i, 60));
                rig().settle();
                int n = port.rxQueue(0).rxBurst(into, 0, 32);
                for (int k = 0; k < n; k++) {
                    into[k].free();
                }
            }
            hoard.forEach(Mbuf::free);
        }
        rig().receive(Integer.MAX_VALUE, 32, new ArrayList<>());
        List<byte[]> frames = rig().frames(0, 50);
        List<byte[]> got = rig().receive(frames, 16);
        got.removeIf(frame -> TestFrames.sequence(frame) >= 1000);
        Rig.assertFrames(frames, got);
    }
}
