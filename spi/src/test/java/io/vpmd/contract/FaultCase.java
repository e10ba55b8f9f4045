// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortState;
import io.vpmd.spi.Ports;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/** The life of a port whose device has faults, each step held to a promise and a bound. */
final class FaultCase implements AutoCloseable {
    /* The longest promised wait is a second, and a step may have three; the machine is shared. */
    private static final long BOUND_MILLIS = 15_000;
    private static final long ARRIVAL_MILLIS = 5_000;
    private static final int RING = 64;
    private static final int PACKETS = 8;
    private static final int FRAME = 100;
    private static final int COMMAND = 4;
    private static final int BUS_MASTER = 1 << 2;
    /* What a step may say, besides the faults' words, when the device was pulled out in it. */
    private static final List<String> REMOVED = List.of("the device is gone", "REMOVED");

    private final ModelFixture<?> device;
    private final FaultPromise promise;
    private final MbufPool pool = MbufPool.create("faults", 512);
    private @Nullable Port port;
    private final Removal removal;
    private boolean faulty;
    private boolean pulled;

    FaultCase(ModelFixture<?> device, FaultPromise promise, Removal removal) {
        this.device = device;
        this.promise = promise;
        this.removal = removal;
    }

    /**
     * From the opening to the end.
     *
     * @param faults makes them appear
     * @param late whether that is when the port runs, and not before it is opened
     */
    void run(Runnable faults, boolean late) {
        if (!late) {
            appear(faults);
        }
        Port opened = during(Removal.IN_OPEN, () -> step("open", device::open));
        if (opened != null) {
            port = opened;
            live(opened, late ? faults : () -> {});
            step("close", opened::close);
            assertEquals(PortState.CLOSED, opened.state());
        }
        if (!pulled) {
            int masters = device.model().config().read(COMMAND, 2) & BUS_MASTER;
            assertEquals(0, masters, "bus mastering of a device that was given back");
        }
        assertEquals(0, device.model().dma().mappings(), "memory that the device still sees");
        assertTrue(
                Ports.all().stream().noneMatch(p -> p.name().equals(device.spec())),
                () -> "left open: " + Ports.all());
        assertEquals(0, pool.taken(), "buffers that did not come back");
        assertEquals(pool.size(), pool.free(), "buffers that are free");
    }

    private void appear(Runnable faults) {
        faults.run();
        faulty = true;
    }

    private void live(Port opened, Runnable lateFaults) {
        if (pulled) {
            removed(opened);
            return;
        }
        step("configure", () -> opened.configure(PortConfig.of(pool).withRings(RING, RING)));
        if (!step("start", opened::start)) {
            assertEquals(PortState.CONFIGURED, opened.state());
            assertEquals(0, pool.taken(), "buffers of a port that did not start");
            return;
        }
        device.connect(opened, pool);
        appear(lateFaults);
        traffic(opened);
        if (removal == Removal.IN_TRAFFIC) {
            device.removeDevice();
            pulled = true;
            removed(opened);
        }
        boolean _ = during(Removal.IN_STOP, () -> step("stop", opened::stop));
        assertEquals(0, pool.taken(), "buffers of a stopped port");
        if (pulled) {
            removed(opened);
        }
    }

    /** Does something, with the device pulled out meanwhile if this is the time for it. */
    private <T> T during(Removal time, Supplier<T> step) {
        if (removal != time) {
            return step.get();
        }
        pulled = true;
        Thread pulling = time.begin(device);
        T made = step.get();
        join(pulling);
        return made;
    }

    private static void join(Thread pulling) {
        try {
            pulling.join(BOUND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The port notices, gives everything back, and consumes what it is given. */
    private void removed(Port lost) {
        Deadline late = Deadline.in(BOUND_MILLIS);
        while (lost.state() != PortState.REMOVED) {
            late.check("the port does not notice that its device is gone");
        }
        while (device.model().dma().mappings() > 0) {
            late.check("memory that a device sees which is gone");
        }
        assertEquals(0, pool.taken(), "buffers of a port whose device is gone");
        if (removal == Removal.IN_TRAFFIC) {
            int _ = send(lost);
            assertEquals(0, lost.rxQueue(0).rxBurst(new Mbuf[PACKETS], 0, PACKETS));
            assertEquals(0, pool.taken(), "buffers sent to a device that is gone");
        }
    }

    /** Both ways; some packets are still under way at the end. */
    private void traffic(Port started) {
        for (int i = 0; i < PACKETS; i++) {
            device.inject(TestFrames.frame(started.mac(), i, FRAME));
        }
        receive(started);
        int sent = send(started);
        if (promise.sends()) {
            Deadline late = Deadline.in(ARRIVAL_MILLIS);
            for (int out = 0; out < sent; ) {
                out += device.collect().isPresent() ? 1 : 0;
                late.check("only " + out + " of " + sent + " packets were sent");
            }
        }
        send(started);
        device.inject(TestFrames.frame(started.mac(), PACKETS, FRAME));
    }

    private static void receive(Port started) {
        Mbuf[] into = new Mbuf[PACKETS];
        Deadline late = Deadline.in(ARRIVAL_MILLIS);
        for (int n = 0; n < PACKETS; ) {
            int got = started.rxQueue(0).rxBurst(into, 0, PACKETS);
            for (int i = 0; i < got; i++) {
                assertEquals(FRAME, into[i].packetLength());
                into[i].free();
            }
            n += got;
            late.check("only " + n + " of " + PACKETS + " packets were received");
        }
    }

    /** Returns how many the queue took; it has room for all of one call. */
    private int send(Port started) {
        TxQueue tx = started.txQueue(0);
        Mbuf[] packets = new Mbuf[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = TestFrames.packet(pool, TestFrames.frame(MacAddress.BROADCAST, i, FRAME));
        }
        int n = tx.txBurst(packets, 0, PACKETS);
        assertEquals(PACKETS, n, "an empty ring takes them");
        return n;
    }

    private boolean step(String operation, Runnable action) {
        Boolean done =
                step(
                        operation,
                        () -> {
                            action.run();
                            return true;
                        });
        return done != null;
    }

    /** What a step makes, or null when it failed as promised. */
    private <T> @Nullable T step(String operation, Supplier<T> action) {
        List<String> words = faulty ? promise.words(operation) : List.of();
        boolean optional = pulled;
        long begin = System.nanoTime();
        T made = null;
        PortException failed = null;
        try {
            made = action.get();
        } catch (PortException e) {
            failed = e;
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < BOUND_MILLIS, () -> operation + " took " + millis + " ms");
        if (failed == null) {
            assertTrue(
                    optional || words.isEmpty(),
                    () -> operation + " succeeded in spite of " + words);
            return made;
        }
        String message = String.valueOf(failed.getMessage());
        boolean told = words.stream().anyMatch(message::contains);
        if (!told && !(optional && REMOVED.stream().anyMatch(message::contains))) {
            throw new AssertionError(operation + " was to fail for " + words, failed);
        }
        assertEquals(operation, failed.operation(), message);
        return null;
    }

    /** What a failed case left open too. */
    @Override
    public void close() {
        Port left = port;
        if (left != null) {
            left.close();
        }
        try {
            device.close();
        } finally {
            pool.close();
        }
    }
}
