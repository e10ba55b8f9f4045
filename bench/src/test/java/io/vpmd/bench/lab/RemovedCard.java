// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortState;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Drives one card, or two with a cable between them, until the last one is taken away; runs inside
 * a guest. Prints {@code ready} when packets move, {@code removed} and the reason, {@code closed}.
 */
final class RemovedCard {
    private static final int PACKETS = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int END_SECONDS = 180;

    private final MbufPool pool = MbufPool.create("removed", 2048);
    private final List<Port> ports = new ArrayList<>();
    private final CountDownLatch removed = new CountDownLatch(1);
    private volatile boolean ending;

    private RemovedCard() {}

    public static void main(String[] addresses) throws InterruptedException {
        new RemovedCard().run(addresses);
        Runtime.getRuntime().exit(0);
    }

    private void run(String[] addresses) throws InterruptedException {
        for (String address : addresses) {
            Port port = Ports.open("net_igb:" + address);
            ports.add(port);
            port.configure(PortConfig.of(pool).withRings(128, 128));
            port.start();
            check(port.info().signals(), "no interrupt arrives");
        }
        Port last = ports.getLast();
        last.addListener(
                (_, event) -> {
                    if (event instanceof PortEvent.Removed(String reason)) {
                        say("removed: " + reason);
                        removed.countDown();
                    }
                });
        ports.forEach(RemovedCard::awaitLink);
        if (ports.size() == 2) {
            passPackets(ports.getFirst(), last);
        }
        Thread burst = Thread.ofPlatform().start(() -> burst(last));
        say("ready");
        check(removed.await(END_SECONDS, TimeUnit.SECONDS), "nobody took it away");
        check(last.state() == PortState.REMOVED, "it is " + last.state());
        check(burst.isAlive(), "the thread that bursts has died");
        ending = true;
        burst.join();
        check(!last.link().up() && !last.xstats().isEmpty(), "it does not answer");
        ports.forEach(Port::close);
        check(pool.taken() == 0, pool.taken() + " buffers did not come back");
        pool.close();
        say("closed");
    }

    private static void awaitLink(Port port) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!port.link().up()) {
            check(System.nanoTime() - end < 0, "no link");
            Thread.onSpinWait();
        }
    }

    /** Each one wakes a thread that sleeps. */
    private void passPackets(Port from, Port to) {
        Mbuf[] burst = new Mbuf[1];
        try (MbufCache cache = pool.newCache();
                RxWaiter waiter = new RxWaiter()) {
            waiter.add(to.rxQueue(0));
            for (int i = 0; i < PACKETS; i++) {
                if (i % 2 == 0) {
                    to.rxQueue(0).arm();
                }
                burst[0] = packet(cache, to);
                check(from.txQueue(0).txBurst(burst, 0, 1) == 1, "the queue is full");
                int n = 0;
                while (n == 0) {
                    check(waiter.await(PATIENCE_NANOS), "slept over packet " + i);
                    n = to.rxQueue(0).rxBurst(burst, 0, 1);
                }
                check(burst[0].packetLength() == 60, "packet " + i + " has changed");
                burst[0].free();
                from.txQueue(0).reclaim();
            }
        }
        say("passed " + PACKETS);
    }

    private static Mbuf packet(MbufCache cache, Port to) {
        Mbuf m = cache.take();
        check(m != null, "no buffer is left");
        byte[] frame = new byte[60];
        System.arraycopy(to.mac().bytes(), 0, frame, 0, 6);
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        m.putBytes(m.append(frame.length), frame, 0, frame.length);
        return m;
    }

    /** Sends and receives all the time, so that doorbells hit the registers while they go away. */
    private void burst(Port port) {
        Mbuf[] burst = new Mbuf[32];
        try (MbufCache cache = pool.newCache()) {
            while (!ending) {
                burst[0] = packet(cache, port);
                if (port.txQueue(0).txBurst(burst, 0, 1) == 0) {
                    burst[0].free();
                }
                port.txQueue(0).reclaim();
                int n = port.rxQueue(0).rxBurst(burst, 0, burst.length);
                for (int i = 0; i < n; i++) {
                    burst[i].free();
                }
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void check(boolean right, String problem) {
        if (!right) {
            say("failed: " + problem);
            Runtime.getRuntime().halt(1);
        }
    }
}
