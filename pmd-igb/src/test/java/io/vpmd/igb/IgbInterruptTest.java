// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.RemovableBus.Delivery;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortState;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Interrupts of QEMU's 82576 on buses of several kinds, and its removal (T2). */
@Timeout(60)
class IgbInterruptTest {
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int ROUNDS = 200;
    private static final long QUIET_MILLIS = 100;

    private final BlockingQueue<PortEvent> events = new LinkedBlockingQueue<>();
    private IgbQtestFixture fixture;
    private MbufPool pool;
    private Port port;

    @BeforeEach
    void create() {
        pool = MbufPool.create("interrupts", 4096);
    }

    @AfterEach
    void close() {
        if (port != null) {
            port.close();
        }
        if (fixture != null) {
            fixture.close();
        }
        assertEquals(0, pool.taken(), "buffers that did not come back");
        pool.close();
    }

    private void start(Delivery delivery, int queues) {
        fixture = new IgbQtestFixture(0, delivery);
        port = fixture.open();
        port.addListener((_, event) -> events.add(event));
        port.configure(
                PortConfig.of(pool)
                        .withQueues(queues, 1)
                        .withRings(64, 64)
                        .withOffloads(
                                queues > 1 ? EnumSet.of(RxOffload.RSS_HASH) : Set.of(), Set.of()));
        port.start();
        fixture.connect(port, pool);
    }

    /** Whether the link was up when the port was opened may have been told before, or not. */
    private void await(Predicate<PortEvent> wanted) {
        try {
            PortEvent event;
            do {
                event = events.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
                assertTrue(event != null, "no event");
            } while (!wanted.test(event));
        } catch (InterruptedException e) {
            throw new IllegalStateException("the case was interrupted", e);
        }
    }

    private void changeLink(boolean up) {
        IgbQtestFixture.qemu().setLink(0, up);
        await(event -> event instanceof PortEvent.LinkChanged(var link) && link.up() == up);
    }

    /** The TCP packet of Microsoft's RSS verification suite, whose hash is 51ccc178h. */
    private byte[] tcp() {
        ByteBuffer b = ByteBuffer.allocate(64);
        b.put(port.mac().bytes()).put(new byte[6]).putShort((short) 0x0800);
        b.putShort((short) 0x4500).putShort((short) 50).putInt(0).putShort((short) 0x4006);
        b.putShort((short) 0).putInt(0x4209_95bb).putInt(0xa18e_6450);
        b.putShort((short) 2794).putShort((short) 1766).putInt(1).putInt(2);
        b.putShort((short) 0x5010);
        return b.array();
    }

    /** Sleeps, and is woken by a packet, again and again. */
    private void sleepAndWake(int number) {
        RxQueue queue = port.rxQueue(number);
        Mbuf[] into = new Mbuf[4];
        try (RxWaiter waiter = new RxWaiter()) {
            waiter.add(queue);
            for (int i = 0; i < ROUNDS; i++) {
                if (i % 2 == 0) {
                    queue.arm();
                }
                fixture.inject(tcp());
                int n = 0;
                while (n == 0) {
                    assertTrue(waiter.await(PATIENCE_NANOS), "slept over a packet");
                    n = queue.rxBurst(into, 0, into.length);
                }
                assertEquals(1, n);
                into[0].free();
            }
        }
    }

    private void linkInterrupts() {
        int reads = fixture.bus().causeReads();
        changeLink(false);
        changeLink(true);
        assertTrue(fixture.bus().causeReads() >= reads + 2, "a change was seen by chance only");
    }

    @Test
    void aQueueWithAVectorOfItsOwnWakesItsThread() {
        start(Delivery.MSIX, 1);
        assertTrue(port.info().signals());
        sleepAndWake(0);
    }

    /** Who polls is not to be interrupted for each packet. */
    @Test
    void aQueueThatIsPolledDoesNotInterrupt() throws InterruptedException {
        start(Delivery.MSIX, 1);
        sleepAndWake(0);
        RxQueue queue = port.rxQueue(0);
        MemorySegment count = Arena.ofAuto().allocate(8, 8);
        Libc.read(queue.eventFd(), count, 8);
        Mbuf[] into = new Mbuf[4];
        fixture.inject(tcp());
        Thread.sleep(QUIET_MILLIS);
        assertEquals(1, queue.rxBurst(into, 0, into.length));
        into[0].free();
        assertEquals(-Errno.EAGAIN, Libc.read(queue.eventFd(), count, 8), "it interrupted");
    }

    /** QEMU's card has ten vectors: queues 8 to 15 share the last. */
    @Test
    void queuesThatShareAVectorAreAllWoken() {
        start(Delivery.MSIX, 16);
        sleepAndWake((0x51cc_c178 & 127) % 16);
    }

    @Test
    void queuesThatShareASingleInterruptAreAllWoken() {
        start(Delivery.SINGLE, 4);
        assertTrue(port.info().signals());
        sleepAndWake((0x51cc_c178 & 127) % 4);
    }

    @Test
    void aQueueAloneOnASingleInterruptIsWoken() {
        start(Delivery.SINGLE, 1);
        sleepAndWake(0);
    }

    @Test
    void aChangeOfTheLinkInterrupts() {
        start(Delivery.MSIX, 1);
        linkInterrupts();
    }

    @Test
    void aChangeOfTheLinkInterruptsOnASingleInterrupt() {
        start(Delivery.SINGLE, 1);
        linkInterrupts();
    }

    @Test
    void aPortWhoseInterruptsDoNotArriveIsPolled() {
        Logger logger = Logger.getLogger(IgbInterrupts.class.getName());
        logger.setLevel(Level.OFF);
        start(Delivery.LOST, 1);
        logger.setLevel(null);
        assertFalse(port.info().signals());
        assertEquals(-1, port.rxQueue(0).eventFd());
        sleepAndWake(0);
        changeLink(false);
        changeLink(true);
    }

    @Test
    void aThreadThatArmedAStoppedPortIsWokenOnceItRuns() {
        start(Delivery.MSIX, 1);
        port.stop();
        assertTrue(port.rxQueue(0).arm());
        port.start();
        IgbQtestFixture.awaitLink(port);
        sleepAndWake(0);
    }

    @Test
    void aDeviceThatTheKernelWantsBackIsGivenBack() {
        start(Delivery.MSIX, 1);
        // A listener that blocks must not hold up who waits for the device.
        port.addListener((_, event) -> IgbQtestFixture.pause(300));
        fixture.bus().request();
        long begin = System.nanoTime();
        while (!fixture.bus().closed()) {
            assertTrue(System.nanoTime() - begin < PATIENCE_NANOS, "the device was kept");
            IgbQtestFixture.pause(1);
        }
        assertEquals(PortState.REMOVED, port.state());
        await(PortEvent.Removed.class::isInstance);
        assertEquals(0, pool.taken());
        assertEquals(0, port.rxQueue(0).rxBurst(new Mbuf[1], 0, 1));
        assertTrue(port.rxQueue(0).arm());
        assertFalse(port.link().up());
        try (MbufPool later = MbufPool.create("later", 16)) {
            assertEquals(16, later.free());
        }
    }
}
