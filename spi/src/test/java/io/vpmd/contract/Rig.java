// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortState;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.function.Executable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A port under test with its pool and its other side: what a case works with. */
public final class Rig implements AutoCloseable {
    private static final int POOL_SIZE = 4096;
    private static final int RING_SIZE = 256;
    private static final long ARRIVAL_MILLIS = 5_000;
    /* The statistic of what a NIC took from the wire. */
    private static final String TAKEN = "rx_total_packets";

    private final PortFixture fixture;
    private final List<MbufPool> pools = new ArrayList<>();
    private final MbufPool pool;
    private Port port;
    private boolean connected;

    Rig(PortFixture fixture) {
        this.fixture = fixture;
        pool = newPool("contract", POOL_SIZE);
    }

    PortFixture fixture() {
        return fixture;
    }

    /** A pool whose accounts are checked when the case is over. */
    MbufPool newPool(String name, int size) {
        MbufPool made = MbufPool.create(name, size);
        pools.add(made);
        return made;
    }

    /** The pool of the port's receive queues, made before the port. */
    MbufPool pool() {
        return pool;
    }

    /** The port, opened at the first call. */
    Port port() {
        if (port == null) {
            port = fixture.open();
        }
        return port;
    }

    PortInfo info() {
        return port().info();
    }

    /** One queue pair, small rings, no offloads. */
    PortConfig config() {
        return PortConfig.of(pool).withRings(RING_SIZE, RING_SIZE);
    }

    Port configured() {
        if (port().state() == PortState.OPEN) {
            port().configure(config());
        }
        return port;
    }

    Port started() {
        return started(configured().config());
    }

    /** The port, started with these settings. */
    Port started(PortConfig config) {
        if (port().state() == PortState.OPEN || !config.equals(port.config())) {
            port.stop();
            port.configure(config);
        }
        port.start();
        if (!connected && (fixture.injects() || fixture.collects())) {
            connected = true;
            fixture.connect(port, pool);
        }
        return port;
    }

    /** Closes the port and opens it anew. */
    Port reopened() {
        port().close();
        port = null;
        connected = false;
        return port();
    }

    void needInject() {
        assumeTrue(
                fixture.injects(),
                () -> "nothing can be put on the other side of " + port().name());
    }

    void needCollect() {
        assumeTrue(
                fixture.collects(), () -> "the other side of " + port().name() + " cannot be read");
    }

    /** Skips the case unless the port has what it needs. */
    void need(boolean there, String what) {
        assumeTrue(there, () -> port().name() + " has no " + what);
    }

    /** A frame to the port's address, or to anybody when the port is closed. */
    byte[] frame(int sequence, int length) {
        boolean closed = port().state() == PortState.CLOSED;
        MacAddress to = closed ? MacAddress.BROADCAST : port.mac();
        return TestFrames.frame(to, sequence, length);
    }

    /** Frames of all sizes that the port's MTU allows. */
    List<byte[]> frames(int first, int count) {
        int max = port().mtu() + TestFrames.HEADER_LENGTH;
        return TestFrames.frames(port().mac(), first, count, max);
    }

    /** A packet of the rig's pool, or of {@code from}. */
    Mbuf packet(byte[] frame) {
        return TestFrames.packet(pool, frame);
    }

    /** Sends frames on queue 0 and returns those of the kit's that came out on the other side. */
    List<byte[]> send(List<byte[]> frames, int burst) {
        List<Mbuf> packets = new ArrayList<>();
        List<byte[]> out = new ArrayList<>();
        Mbuf[] array = new Mbuf[burst];
        for (int at = 0; at < frames.size(); at += burst) {
            int n = Math.min(burst, frames.size() - at);
            packets.clear();
            frames.subList(at, at + n).forEach(f -> packets.add(packet(f)));
            packets.toArray(array);
            sendAll(array, n, out);
        }
        return collect(frames.size(), out);
    }

    /** Sends packets on queue 0 and reads the other side meanwhile. */
    void sendAll(Mbuf[] packets, int count, List<byte[]> out) {
        TxQueue tx = port.txQueue(0);
        Deadline deadline = Deadline.in(ARRIVAL_MILLIS);
        int done = 0;
        while (done < count) {
            int n = tx.txBurst(packets, done, count - done);
            assertEquals(Math.clamp(n, 0, count - done), n, "txBurst is out of its range");
            done += n;
            if (n == 0) {
                tx.reclaim();
                deadline.check("the transmit queue stays full");
            }
            collectReady(out, TestFrames::ours);
        }
    }

    /** Reads the other side until it gave {@code count} frames of the kit, and once more. */
    List<byte[]> collect(int count, List<byte[]> out) {
        return collect(count, out, TestFrames::ours);
    }

    List<byte[]> collect(int count, List<byte[]> out, Predicate<byte[]> wanted) {
        Deadline late = Deadline.in(fixture.settleMillis() == 0 ? 0 : ARRIVAL_MILLIS);
        while (out.size() < count && (collectReady(out, wanted) > 0 || !late.over())) {
            port.txQueue(0).reclaim();
        }
        settle();
        collectReady(out, wanted);
        return out;
    }

    private int collectReady(List<byte[]> out, Predicate<byte[]> wanted) {
        int n = 0;
        Optional<WireFrame> frame = fixture.collect();
        while (frame.isPresent()) {
            n++;
            if (wanted.test(frame.get().bytes())) {
                out.add(frame.get().bytes());
            }
            frame = fixture.collect();
        }
        return n;
    }

    /** Puts frames on the other side and returns what the port received in bursts. */
    List<byte[]> receive(List<byte[]> frames, int burst) {
        List<byte[]> out = new ArrayList<>();
        int at = 0;
        while (at < frames.size()) {
            int n = Math.min(64, frames.size() - at);
            frames.subList(at, at + n).forEach(fixture::inject);
            at += n;
            receive(at, burst, out);
        }
        settle();
        // What is too much has arrived by now; nobody waits for it.
        receive(Integer.MAX_VALUE, burst, out);
        return out;
    }

    /** Receives on queue 0 until there are {@code count} frames or none comes any more. */
    void receive(int count, int burst, List<byte[]> out) {
        long patience = fixture.settleMillis() == 0 ? 0 : ARRIVAL_MILLIS;
        Deadline late = Deadline.in(count > out.size() + 64 ? 0 : patience);
        Mbuf[] array = new Mbuf[burst];
        int empty = 0;
        while (out.size() < count && empty < 2) {
            int n = port.rxQueue(0).rxBurst(array, 0, burst);
            for (int i = 0; i < n; i++) {
                byte[] bytes = TestFrames.bytes(array[i]);
                array[i].free();
                if (TestFrames.ours(bytes)) {
                    out.add(bytes);
                }
            }
            empty = n == 0 && late.over() ? empty + 1 : 0;
        }
    }

    /**
     * Puts frames on the other side and waits until they are in the port's queue: until the device
     * has counted them, where it counts, as long as a frame may be on its way elsewhere.
     */
    void arrive(List<byte[]> frames) {
        Long before = port.xstats().get(TAKEN);
        frames.forEach(fixture::inject);
        Deadline late = Deadline.in(ARRIVAL_MILLIS);
        while (before != null && port.xstats().get(TAKEN) < before + frames.size()) {
            late.check("the frames do not arrive");
            pause(1);
        }
        settle();
    }

    /** Waits as long as a frame may be on its way. */
    void settle() {
        if (fixture.settleMillis() > 0) {
            pause(fixture.settleMillis());
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the case was interrupted", e);
        }
    }

    /** Fails unless both have the same frames in the same order. */
    static void assertFrames(List<byte[]> expected, List<byte[]> actual) {
        List<Integer> wanted = expected.stream().map(TestFrames::sequence).toList();
        List<Integer> got = actual.stream().map(TestFrames::sequence).toList();
        assertEquals(wanted, got, "numbers of the frames");
        for (int i = 0; i < expected.size(); i++) {
            int at = i;
            assertArrayEquals(expected.get(i), actual.get(i), () -> "bytes of frame " + at);
        }
    }

    /** Fails unless the port holds no buffer of any pool of the case. */
    void assertNothingTaken(String when) {
        for (MbufPool each : pools) {
            if (!each.closed()) {
                assertEquals(0, each.taken(), () -> "buffers of " + each + " taken " + when);
                assertEquals(
                        each.size(), each.free(), () -> "buffers of " + each + " free " + when);
            }
        }
    }

    /** Closes everything and checks the accounts of all pools. */
    @Override
    public void close() {
        List<Executable> steps = new ArrayList<>();
        if (port != null) {
            steps.add(port::close);
        }
        steps.add(fixture::close);
        steps.add(() -> assertNothingTaken("after close"));
        pools.forEach(each -> steps.add(each::close));
        assertAll("the end of the case", steps);
    }
}
