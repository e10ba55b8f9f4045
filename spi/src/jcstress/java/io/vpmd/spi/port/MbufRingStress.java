// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Races of the producer and the consumer of a {@link MbufRing}. */
public class MbufRingStress {
    /** Buffers of their own for more states than exist at one time. */
    private static final int BUFFERS = 1 << 16;

    private static final MbufPool POOL = MbufPool.create("ring-stress", BUFFERS, 0, 64);
    private static final EventFd SIGNAL = new EventFd();
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final int ARMED = 96;
    private static final VarHandle STATE;

    static {
        try {
            STATE =
                    MethodHandles.privateLookupIn(MbufRing.class, MethodHandles.lookup())
                            .findVarHandle(MbufRing.class, "state", int[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A ring and its packets 1, 2 and 3: they carry the number from when they were sent. */
    static class Shared {
        final MbufRing ring;
        private final Mbuf[] packets = new Mbuf[3];
        private final Mbuf[] into = new Mbuf[4];
        private int order;

        Shared(int capacity) {
            ring = new MbufRing(capacity, SIGNAL);
            ring.open();
            for (int i = 0; i < packets.length; i++) {
                packets[i] = POOL.mbuf(NEXT.getAndIncrement() & (BUFFERS - 1));
                packets[i].setRssHash(0);
            }
        }

        /** One burst of the packets {@code from} to {@code to}, or as many as fit. */
        final int send(int from, int to) {
            int n = ring.room(to - from + 1);
            for (int i = 0; i < n; i++) {
                packets[from + i - 1].setRssHash(from + i);
                ring.set(i, packets[from + i - 1]);
            }
            ring.publish(n);
            return n;
        }

        /** Takes up to {@code max} packets and notes their numbers, one decimal digit each. */
        final int take(int max) {
            int n = ring.take(into, 0, max);
            for (int i = 0; i < n; i++) {
                order = order * 10 + into[i].rssHash();
            }
            return n;
        }

        /** The numbers of all packets in the order of their arrival. */
        final int order() {
            take(4);
            return order;
        }
    }

    /** Three packets in two bursts against two bursts of the consumer. */
    @JCStressTest
    @State
    @Outcome(id = "[0-3], 123", expect = ACCEPTABLE, desc = "All arrived, in order.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, twice, out of order or not yet written.")
    public static class Order extends Shared {
        public Order() {
            super(4);
        }

        @Actor
        public void produce() {
            send(1, 2);
            send(3, 3);
        }

        @Actor
        public void consume(II_Result r) {
            int first = take(2);
            r.r1 = first + take(2);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = order();
        }
    }

    /** A full ring: a place is used again only when its packet was taken. */
    @JCStressTest
    @State
    @Outcome(id = "0, 12", expect = ACCEPTABLE, desc = "The ring was full.")
    @Outcome(id = "1, 123", expect = ACCEPTABLE, desc = "The third packet got a place.")
    @Outcome(expect = FORBIDDEN, desc = "Lost, twice, out of order or not yet written.")
    public static class Full extends Shared {
        public Full() {
            super(2);
            send(1, 2);
        }

        @Actor
        public void produce(II_Result r) {
            r.r1 = send(3, 3);
        }

        @Actor
        public void consume() {
            take(1);
            take(1);
        }

        @Arbiter
        public void rest(II_Result r) {
            r.r2 = order();
        }
    }

    /** A consumer that goes to sleep is woken by a packet that it did not see. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It saw the packet.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It sleeps and was signalled.")
    @Outcome(expect = FORBIDDEN, desc = "It sleeps with a packet in the ring and no signal.")
    public static class Sleep extends Shared {
        public Sleep() {
            super(2);
        }

        @Actor
        public void produce() {
            send(1, 1);
        }

        @Actor
        public void sleep(II_Result r) {
            r.r1 = ring.arm() ? 1 : 0;
        }

        @Arbiter
        public void stillArmed(II_Result r) {
            r.r2 = ((int[]) STATE.get(ring))[ARMED];
        }
    }

    /** After a close nothing is put into the ring any more. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The producer was kept out.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It was done before the close returned.")
    @Outcome(expect = FORBIDDEN, desc = "It came in after the close, or was never let out.")
    public static class Close extends Shared {
        public Close() {
            super(2);
        }

        @Actor
        public void produce() {
            if (ring.enter()) {
                send(1, 1);
                ring.leave();
            }
        }

        @Actor
        public void close(II_Result r) {
            r.r1 = ring.close(10_000) ? ring.held(POOL) : -1;
        }

        @Arbiter
        public void inside(II_Result r) {
            r.r2 = ring.held(POOL);
        }
    }
}
