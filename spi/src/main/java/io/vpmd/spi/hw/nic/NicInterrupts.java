// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.sys.EventFd;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Interrupts of a device. With MSI-X, vector 0 has the other causes, above all the link, and queue
 * q has vector q + 1; the last vector is shared by the queues for which there is none. On a bus
 * with one vector for everything, queues share one cause. What is shared is told apart by {@link
 * #handle}, on the thread that watches the device.
 */
public abstract class NicInterrupts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(NicInterrupts.class.getName());

    /** The vector of all causes but those of queues. */
    protected static final int OTHER = 0;

    private static final int TEST_MICROS = 100_000;
    private static final int TEST_STEP_MICROS = 50;

    private final Bus bus;
    private final int mostQueues;
    private final boolean msix;
    /* One a vector. */
    private final List<EventFd> vectors;
    /* One a queue; that of the vector, unless it is shared. */
    private final List<EventFd> queues = new ArrayList<>();
    private final AtomicInteger others = new AtomicInteger();
    private boolean working;
    private volatile int started;

    /**
     * Not connected yet.
     *
     * @param mostQueues that the device has
     * @param mostVectors that it can spread its causes over; 0 for a device to be polled
     */
    protected NicInterrupts(Bus bus, int mostQueues, int mostVectors) {
        this.bus = bus;
        this.mostQueues = mostQueues;
        this.msix = bus.msix() && bus.vectors() > 1;
        int useful = Math.min(mostVectors, msix ? mostQueues + 1 : 1);
        int count = Math.min(bus.vectors(), useful);
        vectors = IntStream.range(0, count).mapToObj(_ -> new EventFd()).toList();
        for (int q = 0; q < mostQueues && count > 0; q++) {
            int vector = vectorOf(q);
            boolean own = vector != OTHER && !shared(vector);
            queues.add(own ? vectors.get(vector) : new EventFd());
        }
    }

    /** Gives the causes of queues below {@code rxQueues} their vectors, and unmasks the others. */
    protected abstract void unmask(int rxQueues);

    /** Masks all. */
    protected abstract void maskAll();

    /** Masks the vector that queues share. */
    protected abstract void maskVector(int vector);

    /** Masks the cause that queues share where there is one vector. */
    protected abstract void maskQueues();

    /** Raises the other causes by hand. */
    protected abstract void raise();

    /** Clears the other causes. */
    protected abstract void clear();

    /**
     * The interrupt of a queue.
     *
     * @param vector its own, or the shared one; {@link #OTHER} where there is one for everything
     */
    protected abstract RxInterrupt interrupt(EventFd event, int vector, boolean shared);

    /** Connects the vectors and tries the first; the device is reset, and nothing is unmasked. */
    final void connect(String port) {
        try {
            working = connected(port);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean connected(String port) {
        if (vectors.isEmpty()) {
            return false;
        }
        try {
            bus.connect(vectors);
            if (fires()) {
                return true;
            }
            bus.connect(List.of());
            LOG.log(Level.WARNING, port + ": no interrupt arrives, so that it is polled");
        } catch (BusException e) {
            LOG.log(Level.WARNING, port + " is polled: " + e.getMessage());
        }
        return false;
    }

    /**
     * Raises the other causes by hand and waits for the event, which the watch may see first. The
     * device was reset, and is left with everything masked.
     */
    public final boolean fires() {
        int before = others.get();
        // A message is a write to memory; nothing else of the device is enabled to do any.
        bus.config().setBusMaster(true);
        try {
            start(0);
            raise();
            for (int waited = 0; waited < TEST_MICROS; waited += TEST_STEP_MICROS) {
                if (vectors.get(OTHER).drain() || others.get() != before) {
                    return true;
                }
                Registers.delayMicros(TEST_STEP_MICROS);
            }
            return false;
        } finally {
            stop();
            clear();
            bus.unmask();
            bus.config().setBusMaster(false);
        }
    }

    /** Whether interrupts arrive; if not, nothing else here does anything. */
    public final boolean working() {
        return working;
    }

    /** Whether causes are spread over vectors. */
    protected final boolean msix() {
        return msix;
    }

    /** How many vectors there are. */
    protected final int vectors() {
        return vectors.size();
    }

    /** Descriptors that become readable when {@link #handle} has something to do. */
    final List<Integer> handledFds() {
        List<Integer> fds = new ArrayList<>();
        if (working) {
            fds.add(vectors.get(OTHER).fd());
            if (shared(lastVector())) {
                fds.add(vectors.get(lastVector()).fd());
            }
        }
        return fds;
    }

    private int lastVector() {
        return vectors.size() - 1;
    }

    /** The vector of a receive queue. */
    protected final int vectorOf(int queue) {
        return msix ? Math.min(queue + 1, lastVector()) : OTHER;
    }

    private boolean shared(int vector) {
        return msix && vector == lastVector() && vector < mostQueues;
    }

    /** The interrupt of a queue, of {@code count} that are in use. */
    public final RxInterrupt of(int queue, int count) {
        int vector = vectorOf(queue);
        return interrupt(queues.get(queue), vector, msix ? shared(vector) : count > 1);
    }

    final void start(int rxQueues) {
        started = rxQueues;
        unmask(rxQueues);
    }

    /** Masks all. */
    final void stop() {
        maskAll();
    }

    /** On the watch's thread: deals with the causes that are not a queue's own. */
    final void handle() {
        if (vectors.get(OTHER).drain()) {
            others.incrementAndGet();
            clear();
            if (!msix) {
                maskQueues();
                signalFrom(0);
                bus.unmask();
            }
        }
        int last = lastVector();
        if (shared(last) && vectors.get(last).drain()) {
            // Before the events: a queue that arms after its event is armed.
            maskVector(last);
            signalFrom(last - 1);
        }
    }

    private void signalFrom(int queue) {
        for (int q = queue; q < started; q++) {
            queues.get(q).signal();
        }
    }

    /** After the bus was closed: nobody signals any more. */
    @Override
    public final void close() {
        vectors.forEach(EventFd::close);
        queues.forEach(EventFd::close);
    }
}
