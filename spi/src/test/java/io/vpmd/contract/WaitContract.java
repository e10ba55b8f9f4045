// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.mbuf.Mbuf;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Sleeping until packets arrive. */
interface WaitContract extends Rigged {
    /** What a sleep must not last when there is something to wake for. */
    long BOUND_NANOS = TimeUnit.SECONDS.toNanos(5);

    @Test
    default void aPortSaysWhetherItSignals() {
        Port port = rig().started();
        assertEquals(port.info().signals(), port.rxQueue(0).eventFd() >= 0, "eventFd()");
    }

    @Test
    default void armingIsRefusedWhilePacketsAreThere() {
        rig().needInject();
        RxQueue rx = rig().started().rxQueue(0);
        rig().need(rig().info().signals(), "signal on arrival");
        Mbuf[] into = new Mbuf[1];
        for (int i = 0; i < 20; i++) {
            rig().arrive(List.of(rig().frame(i, 60)));
            assertFalse(rx.arm(), "arm() with a packet in the queue");
            assertEquals(1, rx.rxBurst(into, 0, 1), "rxBurst");
            into[0].free();
        }
    }

    /** A packet arrives after each arm, at all moments around the sleep. */
    @Test
    default void aPacketAfterArmingEndsTheSleep() {
        rig().needInject();
        Port port = rig().started();
        int count = Soak.rounds(100_000, rig().info().signals() ? 2_000 : 200);
        AtomicLong received = new AtomicLong();
        try (RxWaiter waiter = new RxWaiter();
                Crew crew = new Crew()) {
            waiter.add(port.rxQueue(0));
            Mbuf[] into = new Mbuf[32];
            crew.repeat(
                    "wait",
                    () -> {
                        long begin = System.nanoTime();
                        boolean woken = waiter.await(BOUND_NANOS);
                        long slept = System.nanoTime() - begin;
                        assertTrue(woken || received.get() == count, "slept over a packet");
                        assertTrue(slept < BOUND_NANOS || received.get() == count, "woke late");
                        int n = port.rxQueue(0).rxBurst(into, 0, 32);
                        for (int i = 0; i < n; i++) {
                            into[i].free();
                        }
                        received.addAndGet(n);
                    });
            for (int i = 0; i < count; i++) {
                rig().fixture().inject(rig().frame(i, 60));
                crew.awaitRounds(received, i + 1, "the waiting thread");
                busy(i % 50 * 1_000L);
            }
            crew.awaitRounds(received, count, "the waiting thread");
            Thread waking = Thread.ofPlatform().start(() -> wakeFor(waiter, 200));
            crew.stop();
            waking.interrupt();
        }
    }

    private static void wakeFor(RxWaiter waiter, int times) {
        try {
            for (int i = 0; i < times; i++) {
                waiter.wake();
                Thread.sleep(5);
            }
        } catch (InterruptedException _) {
            // The case is over.
        }
    }

    private static void busy(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    default void anotherThreadCanEndTheSleep() {
        Port port = rig().started();
        try (RxWaiter waiter = new RxWaiter()) {
            waiter.add(port.rxQueue(0));
            long begin = System.nanoTime();
            waiter.wake();
            assertTrue(waiter.await(BOUND_NANOS), "a wake() before the sleep");
            Thread other =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Rig.pause(20);
                                        waiter.wake();
                                    });
            assertTrue(waiter.await(BOUND_NANOS), "a wake() during the sleep");
            assertTrue(System.nanoTime() - begin < BOUND_NANOS, "woke late");
            join(other);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the case was interrupted", e);
        }
    }

    @Test
    default void aSleepWithoutAnythingEndsInTime() {
        Port port = rig().started();
        try (RxWaiter waiter = new RxWaiter()) {
            waiter.add(port.rxQueue(0));
            long begin = System.nanoTime();
            boolean woken = waiter.await(TimeUnit.MILLISECONDS.toNanos(30));
            long slept = System.nanoTime() - begin;
            if (!woken) {
                assertTrue(slept > TimeUnit.MILLISECONDS.toNanos(25), "false after " + slept);
            }
            assertTrue(slept < BOUND_NANOS, "slept for " + slept + " ns");
        }
    }

    /** Polling goes on working between and after sleeps, and nothing is lost. */
    @Test
    default void packetsPassWhileAQueueIsArmed() {
        rig().needInject();
        Port port = rig().started();
        try (RxWaiter waiter = new RxWaiter()) {
            waiter.add(port.rxQueue(0));
            for (int i = 0; i < 10; i++) {
                port.rxQueue(0).arm();
                var frames = rig().frames(i * 10, 10);
                Rig.assertFrames(frames, rig().receive(frames, 4));
                waiter.await(1_000_000);
            }
            waiter.remove(port.rxQueue(0));
        }
    }

    @Test
    default void armingAStoppedPortDoesNoHarm() {
        Port port = rig().started();
        RxQueue rx = port.rxQueue(0);
        port.stop();
        rx.arm();
        port.start();
        if (rig().fixture().injects()) {
            var frames = rig().frames(0, 10);
            Rig.assertFrames(frames, rig().receive(frames, 4));
        }
        port.close();
        rx.arm();
    }
}
