// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortListener;
import io.vpmd.spi.PortState;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Events come on one control thread; a listener may block and may control the port. */
interface EventContract extends Rigged {
    private void causeEvent() {
        rig().need(rig().fixture().causeEvent(), "event that the fixture can cause");
    }

    private static void await(CountDownLatch latch, String what) {
        try {
            assertTrue(latch.await(5, TimeUnit.SECONDS), what);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the case was interrupted", e);
        }
    }

    @Test
    default void eventsComeOneAtATimeOnOneControlThread() {
        Port port = rig().started();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        PortListener listener =
                (p, event) -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    threads.add(Thread.currentThread());
                    Rig.pause(5);
                    inside.decrementAndGet();
                    three.countDown();
                };
        port.addListener(listener);
        port.addListener(listener);
        for (int i = 0; i < 3; i++) {
            causeEvent();
        }
        await(three, "three events");
        assertEquals(1, most.get(), "listeners at one time");
        assertEquals(1, threads.stream().distinct().count(), () -> "threads " + threads);
        assertNotEquals(Thread.currentThread(), threads.getFirst());
        assertTrue(
                threads.getFirst().getName().contains(port.name()),
                () -> "a thread of the port's: " + threads.getFirst());
        port.removeListener(listener);
    }

    @Test
    default void aListenerMayControlItsPortButNotCloseIt() {
        Port port = rig().started();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        port.addListener(
                (p, event) -> {
                    try {
                        p.stop();
                        p.setMtu(1000);
                        p.start();
                        p.close();
                    } catch (RuntimeException e) {
                        thrown.add(e);
                    }
                    done.countDown();
                });
        causeEvent();
        await(done, "the listener ended");
        // Once an event, and what caused one may have caused another.
        assertFalse(thrown.isEmpty(), "closing in a listener was not refused");
        assertTrue(thrown.getFirst() instanceof PortException, thrown::toString);
        assertEquals("close", ((PortException) thrown.getFirst()).operation());
        assertEquals(1000, port.mtu());
        assertEquals(PortState.STARTED, port.state());
    }

    @Test
    default void aListenerThatThrowsDoesNotEndTheEvents() {
        Port port = rig().started();
        Logger logger = Logger.getLogger("io.vpmd.spi.ControlThread");
        logger.setLevel(Level.OFF);
        CountDownLatch two = new CountDownLatch(2);
        port.addListener(
                (p, event) -> {
                    two.countDown();
                    throw new IllegalStateException("thrown by a case of the contract");
                });
        causeEvent();
        causeEvent();
        await(two, "two events");
        port.close();
        logger.setLevel(null);
    }

    @Test
    default void burstsGoOnWhileAListenerBlocks() {
        Port port = rig().started();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        port.addListener(
                (p, event) -> {
                    inside.countDown();
                    await(go, "the case lets the listener go");
                });
        causeEvent();
        await(inside, "the listener is called");
        if (rig().fixture().collects()) {
            List<byte[]> frames = rig().frames(0, 100);
            Rig.assertFrames(frames, rig().send(frames, 32));
        }
        port.setPromiscuous(true);
        port.stop();
        port.start();
        go.countDown();
    }

    @Test
    default void closeDoesNotWaitForEverForAListener() {
        Port port = rig().started();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        port.addListener(
                (p, event) -> {
                    inside.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        causeEvent();
        await(inside, "the listener is called");
        Thread release =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    Rig.pause(50);
                                    go.countDown();
                                });
        port.close();
        assertEquals(0, go.getCount(), "close returned while a listener ran");
        assertEquals(PortState.CLOSED, port.state());
        release.interrupt();
    }
}
