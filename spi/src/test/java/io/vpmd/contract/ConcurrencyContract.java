// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufRecycler;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Packets that cross threads are neither lost nor doubled. */
interface ConcurrencyContract extends Rigged {
    /** Two ports, one pool, a thread in each direction; packets go round and round. */
    @Test
    default void twoThreadsForwardInOppositeDirections() {
        Port a = rig().started();
        rig().need(a.info().loopback(), "way back for what it sends");
        int packets = 150;
        long rounds = Soak.rounds(1_000_000, 50_000);
        try (Rig second = anotherRig()) {
            Port b = second.started(rig().config());
            Mbuf[] seed = new Mbuf[packets];
            for (int i = 0; i < packets; i++) {
                seed[i] = rig().packet(TestFrames.frame(b.mac(), i, 60 + i));
            }
            assertEquals(packets, b.txQueue(0).txBurst(seed, 0, packets));
            try (Crew crew = new Crew()) {
                AtomicLong there = crew.repeat("there", new Forward(a, b));
                AtomicLong back = crew.repeat("back", new Forward(b, a));
                crew.awaitRounds(there, rounds, "forwarding there");
                crew.awaitRounds(back, rounds, "forwarding back");
                crew.stop();
            }
            List<Integer> left = new ArrayList<>();
            take(a.rxQueue(0), left);
            take(b.rxQueue(0), left);
            assertEquals(
                    java.util.stream.IntStream.range(0, packets).boxed().toList(),
                    left.stream().sorted().toList(),
                    "numbers of the packets that are left");
            rig().assertNothingTaken("after all were freed");
        }
    }

    /** Forwards bursts of any size, addressed so that the next port takes them. */
    final class Forward implements Runnable {
        private final RxQueue from;
        private final TxQueue to;
        private final byte[] address;
        private final Mbuf[] burst = new Mbuf[32];

        Forward(Port from, Port to) {
            this.from = from.rxQueue(0);
            this.to = to.txQueue(0);
            this.address = to.mac().bytes();
        }

        @Override
        public void run() {
            int n = from.rxBurst(burst, 0, burst.length);
            for (int i = 0; i < n; i++) {
                burst[i].putBytes(0, address, 0, 6);
            }
            Deadline deadline = Deadline.in(5_000);
            int done = 0;
            while (done < n) {
                int sent = to.txBurst(burst, done, n - done);
                done += sent;
                if (sent == 0) {
                    deadline.check("a port with room for all packets stays full");
                }
            }
        }
    }

    private static void take(RxQueue rx, List<Integer> into) {
        Mbuf[] burst = new Mbuf[32];
        int n = rx.rxBurst(burst, 0, 32);
        while (n > 0) {
            for (int i = 0; i < n; i++) {
                into.add(TestFrames.sequence(burst[i]));
                burst[i].free();
            }
            n = rx.rxBurst(burst, 0, 32);
        }
    }

    /** One thread receives, another one checks and frees through a cache of its own. */
    @Test
    default void onThreadTakesAndAnotherFrees() {
        rig().needInject();
        Port port = rig().started();
        int count =
                port.info().loopback() ? Soak.rounds(500_000, 50_000) : Soak.rounds(50_000, 5_000);
        ArrayBlockingQueue<Mbuf> pipe = new ArrayBlockingQueue<>(256);
        Consumer consumer = new Consumer(pipe);
        Mbuf[] burst = new Mbuf[32];
        try (Crew crew = new Crew()) {
            AtomicLong received = new AtomicLong();
            crew.repeat(
                    "take",
                    () -> {
                        int n = port.rxQueue(0).rxBurst(burst, 0, 32);
                        received.addAndGet(n);
                        for (int i = 0; i < n; i++) {
                            put(pipe, burst[i]);
                        }
                        Deadline.letOthersRun();
                    });
            crew.repeat("free", consumer, consumer::close);
            for (int i = 0; i < count; i++) {
                Deadline deadline = Deadline.in(10_000);
                // No more under way than a ring holds: nothing may be dropped.
                while (i - received.get() >= 100) {
                    crew.check();
                    deadline.check("packet " + received + " does not arrive");
                }
                rig().fixture().inject(rig().frame(i, 60));
            }
            crew.awaitRounds(consumer.freed, count, "freeing");
            crew.stop();
        }
        assertEquals(count, consumer.freed.get(), "packets freed");
        assertTrue(pipe.isEmpty(), "packets left between the threads");
    }

    private static void put(ArrayBlockingQueue<Mbuf> pipe, Mbuf packet) {
        Deadline deadline = Deadline.in(10_000);
        while (!pipe.offer(packet)) {
            deadline.check("the freeing thread does not get on");
        }
    }

    /** Expects frames in order and frees them. */
    final class Consumer implements Runnable, AutoCloseable {
        final AtomicLong freed = new AtomicLong();
        private final ArrayBlockingQueue<Mbuf> pipe;
        private final MbufRecycler recycler = new MbufRecycler();

        Consumer(ArrayBlockingQueue<Mbuf> pipe) {
            this.pipe = pipe;
        }

        @Override
        public void run() {
            Mbuf packet = pipe.poll();
            if (packet == null) {
                Deadline.letOthersRun();
            } else {
                assertEquals(freed.get(), TestFrames.sequence(packet), "number of the packet");
                recycler.free(packet);
                freed.incrementAndGet();
            }
        }

        @Override
        public void close() {
            recycler.close();
        }
    }
}
