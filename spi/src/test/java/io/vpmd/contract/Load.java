// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufRecycler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread in every queue of a port, sending and receiving all the time. It knows from {@link
 * #mustRest()} on that the port is stopped, and fails when a burst that begins and ends after that
 * brings a packet or leaves one to the caller.
 */
final class Load implements AutoCloseable {
    private static final int BURST = 16;

    private final Rig rig;
    private final Crew crew = new Crew();
    private final List<AtomicLong> rounds = new ArrayList<>();
    private volatile Port port;

    /* Odd from the return of stop to the call of start. */
    private final AtomicInteger epoch = new AtomicInteger();

    Load(Rig rig) {
        this.rig = rig;
        port = rig.port();
        byte[] frame = rig.frame(1, 100);
        for (int q = 0; q < port.config().txQueues(); q++) {
            Sender sender = new Sender(q, frame);
            rounds.add(crew.repeat("tx" + q, sender, sender::close));
        }
        for (int q = 0; q < port.config().rxQueues(); q++) {
            Receiver receiver = new Receiver(q);
            rounds.add(crew.repeat("rx" + q, receiver, receiver::close));
        }
    }

    /** The port was stopped or closed: waits until each thread has seen that twice. */
    void mustRest() {
        epoch.incrementAndGet();
        moves();
        moves();
        epoch.incrementAndGet();
    }

    /**
     * Burst on this port from now on; after the next {@link #moves} every thread does. One wait
     * alone may see the end of a round that began on the port before.
     */
    void use(Port next) {
        port = next;
        moves();
    }

    /** Waits until every thread has ended a burst. */
    void moves() {
        long[] before = rounds.stream().mapToLong(AtomicLong::get).toArray();
        for (int i = 0; i < before.length; i++) {
            crew.awaitRounds(rounds.get(i), before[i] + 1, "a bursting thread");
        }
    }

    /** Ends the threads and fails when one has failed. */
    void end() {
        crew.stop();
    }

    @Override
    public void close() {
        crew.close();
    }

    private final class Sender implements Runnable {
        private final int index;
        private final byte[] frame;
        private final Mbuf[] burst = new Mbuf[BURST];
        private final MbufCache cache = rig.pool().newCache();
        private Port last = port;
        private TxQueue queue;

        Sender(int index, byte[] frame) {
            this.index = index;
            this.frame = frame;
            queue = last.txQueue(index);
        }

        @Override
        public void run() {
            if (!port.equals(last)) {
                last = port;
                queue = last.txQueue(index);
            }
            int n = cache.take(burst, 0, BURST);
            for (int i = 0; i < n; i++) {
                burst[i].putBytes(burst[i].append(frame.length), frame, 0, frame.length);
            }
            int before = epoch.get();
            int sent = queue.txBurst(burst, 0, n);
            if ((before & 1) != 0 && before == epoch.get()) {
                assertEquals(n, sent, "packets consumed by " + queue + " after stop");
            }
            assertEquals(Math.clamp(sent, 0, n), sent, "txBurst of " + n);
            for (int i = sent; i < n; i++) {
                cache.free(burst[i]);
            }
            queue.reclaim();
            Deadline.letOthersRun();
        }

        void close() {
            cache.close();
        }
    }

    private final class Receiver implements Runnable {
        private final int index;
        private final Mbuf[] burst = new Mbuf[BURST];
        private final MbufRecycler recycler = new MbufRecycler();
        private Port last = port;
        private RxQueue queue;

        Receiver(int index) {
            this.index = index;
            queue = last.rxQueue(index);
        }

        @Override
        public void run() {
            if (!port.equals(last)) {
                last = port;
                queue = last.rxQueue(index);
            }
            int before = epoch.get();
            int n = queue.rxBurst(burst, 0, BURST);
            if ((before & 1) != 0 && before == epoch.get()) {
                assertEquals(0, n, "packets received from " + queue + " after stop");
            }
            recycler.free(burst, 0, n);
            Deadline.letOthersRun();
        }

        void close() {
            recycler.close();
        }
    }
}
