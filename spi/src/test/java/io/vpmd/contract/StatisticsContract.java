// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.mbuf.Mbuf;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Counters are exact. */
interface StatisticsContract extends Rigged {
    @Test
    default void sentPacketsAndBytesAreCounted() {
        rig().needCollect();
        Port port = rig().started();
        List<byte[]> frames = rig().frames(0, 333);
        assertEquals(333, rig().send(frames, 32).size());
        PortStats s = port.stats();
        assertEquals(333, s.txPackets(), "txPackets");
        assertEquals(bytes(frames), s.txBytes(), "txBytes");
        assertEquals(0, s.txDropped(), "txDropped");
        assertEquals(0, s.txErrors(), "txErrors");
    }

    @Test
    default void receivedPacketsAndBytesAreCounted() {
        rig().needInject();
        Port port = rig().started();
        List<byte[]> frames = rig().frames(0, 333);
        assertEquals(333, rig().receive(frames, 32).size());
        PortStats s = port.stats();
        assertEquals(333, s.rxPackets(), "rxPackets");
        assertEquals(bytes(frames), s.rxBytes(), "rxBytes");
        assertEquals(0, s.rxDropped(), "rxDropped");
        assertEquals(0, s.rxErrors(), "rxErrors");
    }

    private static long bytes(List<byte[]> frames) {
        return frames.stream().mapToLong(f -> f.length).sum();
    }

    /** For ports without another side: all that was consumed is in one counter. */
    @Test
    default void everyConsumedPacketIsInOneCounter() {
        Port port = rig().started();
        Mbuf[] burst = new Mbuf[32];
        int consumed = 0;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 32; i++) {
                burst[i] = rig().packet(rig().frame(i, 64));
            }
            int n = port.txQueue(0).txBurst(burst, 0, 32);
            consumed += n;
            for (int i = n; i < 32; i++) {
                burst[i].free();
            }
        }
        rig().settle();
        port.txQueue(0).reclaim();
        PortStats s = port.stats();
        assertEquals(consumed, s.txPackets() + s.txDropped() + s.txErrors(), "packets in " + s);
        assertEquals(64L * s.txPackets(), s.txBytes(), "bytes in " + s);
    }

    @Test
    default void thePortsCountersAreTheSumOfItsQueues() {
        Port port = rig().port();
        int rx = Math.min(4, port.info().maxRxQueues());
        int tx = Math.min(4, port.info().maxTxQueues());
        rig().started(rig().config().withQueues(rx, tx));
        for (int q = 0; q < tx; q++) {
            Mbuf[] burst = new Mbuf[q + 1];
            for (int i = 0; i <= q; i++) {
                burst[i] = rig().packet(rig().frame(i, 100 + q));
            }
            assertEquals(q + 1, port.txQueue(q).txBurst(burst, 0, q + 1));
        }
        rig().settle();
        drain(rx);
        PortStats sum = PortStats.ZERO;
        for (int q = 0; q < rx; q++) {
            sum = sum.plus(port.rxQueue(q).stats());
        }
        for (int q = 0; q < tx; q++) {
            assertEquals(q + 1, port.txQueue(q).stats().txPackets(), "of queue " + q);
            sum = sum.plus(port.txQueue(q).stats());
        }
        assertEquals(sum, port.stats());
    }

    private void drain(int queues) {
        Mbuf[] into = new Mbuf[32];
        for (int q = 0; q < queues; q++) {
            int n = rig().port().rxQueue(q).rxBurst(into, 0, 32);
            for (int i = 0; i < n; i++) {
                into[i].free();
            }
        }
    }

    @Test
    default void extendedCountersAgree() {
        Port port = rig().started();
        traffic(100);
        PortStats s = port.stats();
        Map<String, Long> x = port.xstats();
        assertEquals(s.rxPackets(), x.get("rx_good_packets"), "rx_good_packets");
        assertEquals(s.txPackets(), x.get("tx_good_packets"), "tx_good_packets");
        assertEquals(s.rxBytes(), x.get("rx_good_bytes"), "rx_good_bytes");
        assertEquals(s.txBytes(), x.get("tx_good_bytes"), "tx_good_bytes");
        assertEquals(s.txErrors(), x.get("tx_errors"), "tx_errors");
        assertEquals(s.rxDropped(), x.get("rx_missed_errors"), "rx_missed_errors");
        assertEquals(s.txPackets(), x.get("tx_q0_packets"), "tx_q0_packets");
        assertEquals(s.rxPackets(), x.get("rx_q0_packets"), "rx_q0_packets");
        assertEquals(
                List.copyOf(x.keySet()), List.copyOf(port.xstats().keySet()), "order of the names");
    }

    @Test
    default void countersSurviveAllButReset() {
        Port port = rig().started();
        traffic(50);
        PortStats s = port.stats();
        assertTrue(s.txPackets() + s.txDropped() > 0, "nothing was counted");
        port.stop();
        assertEquals(s, port.stats(), "after stop");
        port.configure(rig().config());
        assertEquals(s, port.stats(), "after configure");
        port.start();
        assertEquals(s, port.stats(), "after start");
        traffic(50);
        assertEquals(s.plus(s), port.stats(), "after twice the traffic");
        port.close();
        assertEquals(s.plus(s), port.stats(), "after close");
    }

    @Test
    default void resetBeginsAtZero() {
        Port port = rig().started();
        traffic(50);
        PortStats s = port.stats();
        port.resetStats();
        assertEquals(PortStats.ZERO, port.stats(), "after resetStats");
        assertEquals(0L, port.xstats().get("tx_good_packets"), "tx_good_packets");
        traffic(50);
        assertEquals(s, port.stats(), "after the same traffic again");
        port.stop();
        port.configure(rig().config());
        assertEquals(s, port.stats(), "after configure");
    }

    /** The same frames at every call, both ways as far as the fixture can. */
    private void traffic(int count) {
        List<byte[]> frames = rig().frames(0, count);
        if (rig().fixture().collects()) {
            assertEquals(count, rig().send(frames, 16).size());
        } else {
            for (byte[] frame : frames) {
                Mbuf[] one = {rig().packet(frame)};
                assertEquals(1, rig().port().txQueue(0).txBurst(one, 0, 1));
            }
        }
        if (rig().fixture().injects()) {
            assertEquals(count, rig().receive(frames, 16).size());
        }
        rig().settle();
    }
}
