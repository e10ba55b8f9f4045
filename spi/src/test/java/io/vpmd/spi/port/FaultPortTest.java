// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class FaultPortTest {
    private static final int PACKETS = 5000;

    private MbufPool pool;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("fault-test", 2048);
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        assertEquals(List.of(), Ports.all());
        pool.close();
    }

    private Port open(String faults) {
        Port port = Ports.open("net_fault:0,port=[net_ring:0]" + faults);
        port.configure(
                PortConfig.of(pool)
                        .withRings(64, 64)
                        .withOffloads(Set.of(RxOffload.SCATTER), Set.of(TxOffload.MULTI_SEGMENT)));
        port.start();
        return port;
    }

    private Mbuf numbered(int number) {
        byte[] bytes = new byte[100];
        bytes[16] = (byte) (number >> 8);
        bytes[17] = (byte) number;
        return Packets.of(pool, bytes, (number & 7) == 0 ? 40 : 100);
    }

    /** Sends numbered packets and returns the numbers that arrive; corrupt ones as -1. */
    private List<Integer> run(Port port, int burst) {
        List<Integer> out = new ArrayList<>();
        Mbuf[] from = new Mbuf[burst];
        for (int sent = 0; sent < PACKETS; ) {
            int n = Math.min(burst, PACKETS - sent);
            for (int i = 0; i < n; i++) {
                from[i] = numbered(sent + i);
            }
            for (int done = 0; done < n; ) {
                done += port.txQueue(0).txBurst(from, done, n - done);
                receive(port, burst, out);
            }
            sent += n;
        }
        long end = System.nanoTime() + 30_000_000;
        while (System.nanoTime() < end) {
            receive(port, burst, out);
        }
        return out;
    }

    private static void receive(Port port, int burst, List<Integer> out) {
        Mbuf[] into = new Mbuf[burst];
        int n = port.rxQueue(0).rxBurst(into, 0, burst);
        for (int i = 0; i < n; i++) {
            byte[] bytes = Packets.consume(into[i]);
            int number = Frames.u16(bytes, 16);
            bytes[16] = 0;
            bytes[17] = 0;
            boolean intact = bytes.length == 100 && number < PACKETS;
            for (byte b : bytes) {
                intact &= b == 0;
            }
            out.add(intact ? number : -1);
        }
    }

    @Test
    void withoutFaultsEverythingPasses() {
        try (Port port = open("")) {
            List<Integer> out = run(port, 32);
            assertEquals(PACKETS, out.size());
            for (int i = 0; i < PACKETS; i++) {
                assertEquals(i, out.get(i));
            }
            assertEquals(PACKETS, port.stats().rxPackets());
            assertEquals(PACKETS, port.stats().txPackets());
            assertEquals(PACKETS * 100L, port.stats().rxBytes());
        }
    }

    @Test
    void theSameSeedGivesTheSameFaultsWhateverTheBursts() {
        String faults = ",drop=10,duplicate=5,corrupt=5,reorder=5,seed=";
        List<Integer> first;
        try (Port port = open(faults + 42)) {
            first = run(port, 32);
        }
        for (int burst : new int[] {1, 7, 32}) {
            try (Port port = open(faults + 42)) {
                assertEquals(first, run(port, burst), "burst " + burst);
            }
        }
        try (Port port = open(faults + 43)) {
            assertNotEquals(first, run(port, 32));
        }
    }

    @Test
    void aFullQueueInsideDoesNotChangeFates() {
        String faults = ",drop=10,corrupt=5,on=tx,seed=9";
        List<Integer> first;
        try (Port port = open(faults)) {
            first = run(port, 32);
        }
        try (Port port = open(faults + ",shortTx=50")) {
            assertNotEquals(List.of(), run(port, 32));
            assertTrue(port.xstats().get("fault_short_tx") > 20);
        }
        try (Port port = open(faults)) {
            assertEquals(first, run(port, 100));
        }
    }

    @Test
    void faultsAreAsFrequentAsAskedAndCounted() {
        for (String on : new String[] {"rx", "tx"}) {
            try (Port port = open(",drop=20,on=" + on)) {
                int got = run(port, 32).size();
                assertTrue(got > PACKETS * 0.76 && got < PACKETS * 0.84, on + " " + got);
                Map<String, Long> xstats = port.xstats();
                assertEquals(PACKETS - got, xstats.get("fault_dropped"));
                assertEquals(got, port.stats().rxPackets());
                assertEquals(
                        PACKETS - got,
                        on.equals("rx") ? port.stats().rxDropped() : port.stats().txDropped());
            }
            try (Port port = open(",duplicate=20,on=" + on)) {
                int got = run(port, 16).size();
                assertTrue(got > PACKETS * 1.16 && got < PACKETS * 1.24, on + " " + got);
                assertEquals(got - PACKETS, port.xstats().get("fault_duplicated"));
                assertEquals(got, port.stats().rxPackets());
            }
            try (Port port = open(",corrupt=20,on=" + on)) {
                List<Integer> out = run(port, 32);
                assertEquals(PACKETS, out.size());
                long corrupt = port.xstats().get("fault_corrupted");
                assertTrue(corrupt > PACKETS * 0.16 && corrupt < PACKETS * 0.24, on + corrupt);
                long wrong = out.stream().filter(i -> i == -1).count();
                // A bit of the number itself gives another number.
                assertTrue(wrong <= corrupt && wrong > corrupt * 0.9, on + " " + wrong);
            }
        }
    }

    @Test
    void reorderedPacketsComeBehindTheNextOne() {
        try (Port port = open(",reorder=10")) {
            List<Integer> out = run(port, 32);
            assertEquals(PACKETS, out.size());
            int swapped = 0;
            for (int i = 0; i < PACKETS; i++) {
                assertTrue(Math.abs(out.get(i) - i) <= 1, "at " + i + ": " + out.get(i));
                swapped += out.get(i) == i + 1 ? 1 : 0;
            }
            assertTrue(Math.abs(swapped - port.xstats().get("fault_reordered")) <= 1);
            assertTrue(swapped > PACKETS * 0.06);
        }
    }

    @Test
    void delayHoldsPacketsBackAndStopFreesThem() {
        try (Port port = open(",delay=50")) {
            long begin = System.nanoTime();
            port.txQueue(0).txBurst(new Mbuf[] {numbered(1), numbered(2)}, 0, 2);
            Mbuf[] one = new Mbuf[1];
            while (port.rxQueue(0).rxBurst(one, 0, 1) == 0) {
                assertTrue(System.nanoTime() - begin < 5_000_000_000L, "never came");
                Thread.onSpinWait();
            }
            assertTrue(System.nanoTime() - begin >= 50_000_000, "came early");
            assertFalse(port.rxQueue(0).arm(), "one is on its way");
            one[0].free();
            port.stop();
            assertEquals(0, pool.taken());
            port.start();
            Packets.assertNothing(port.rxQueue(0));
        }
    }

    @Test
    void aChecksumThatIsStillToBeComputedIsNotMadeToFitACorruptPacket() {
        try (Port port = Ports.open("net_fault:0,port=[net_echo:0],corrupt=100,on=tx")) {
            port.configure(PortConfig.of(pool).withOffloads(Set.of(), port.info().txOffloads()));
            port.start();
            byte[] p = Frames.ipv4("10.0.0.1", "10.0.0.2", 17, Frames.udp(1, 2, new byte[9]));
            Mbuf m = Packets.of(pool, Frames.ethernet(1, 2, 0x800, p));
            m.setHeaderLengths(14, 20, 8);
            m.setFlags(MbufFlags.TX_UDP_CKSUM | MbufFlags.TX_IPV4);
            assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
            assertEquals(0, port.xstats().get("fault_corrupted"));
        }
    }

    @Test
    void refusesWrongValues() {
        for (String bad :
                new String[] {"drop=101", "drop=-1", "drop=x", "drop=", "on=up", "delay=10001"}) {
            assertThrows(
                    SpecException.class,
                    () -> Ports.open("net_fault:0,port=[net_ring:0]," + bad),
                    bad);
        }
    }
}
