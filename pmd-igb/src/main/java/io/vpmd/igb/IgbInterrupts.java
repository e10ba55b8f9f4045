// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

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
 * Interrupts of the device, 7.3. With MSI-X, vector 0 has the other causes, above all the link, and
 * queue q has vector q + 1; the last vector is shared by the queues for which there is none. On a
 * bus with one vector for everything, queues share ICR.RXDW. What is shared is told apart by {@link
 * #handle}, on the thread that watches the device.
 */
final class IgbInterrupts implements AutoCloseable {
    private static final Logger LOG = System.getLogger(IgbInterrupts.class.getName());
    private static final int OTHER = 0;
    private static final int ALL = -1;
    private static final int TEST_MICROS = 100_000;
    private static final int TEST_STEP_MICROS = 50;

    private final Bus bus;
    private final Registers regs;
    private final IgbChip chip;
    private final boolean msix;
    /* One a vector. */
    private final List<EventFd> vectors;
    /* One a queue; that of the vector, unless it is shared. */
    private final List<EventFd> queues;
    private final boolean working;
    private volatile int started;
    private final AtomicInteger others = new AtomicInteger();

    /** Connects the vectors and tries the first; the device is reset, and nothing is unmasked. */
    IgbInterrupts(Bus bus, Registers regs, IgbChip chip, String port) {
        this.bus = bus;
        this.regs = regs;
        this.chip = chip;
        this.msix = bus.msix() && bus.vectors() > 1;
        int count = Math.min(bus.vectors(), msix ? chip.queues + 1 : 1);
        vectors = events(count);
        queues = new ArrayList<>();
        for (int q = 0; q < chip.queues && count > 0; q++) {
            int vector = vectorOf(q);
            boolean own = vector != OTHER && !shared(vector);
            queues.add(own ? vectors.get(vector) : new EventFd());
        }
        try {
            working = connect(port);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static List<EventFd> events(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new EventFd()).toList();
    }

    private boolean connect(String port) {
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
    boolean fires() {
        int before = others.get();
        // A message is a write to memory; nothing else of the device is enabled to do any.
        bus.config().setBusMaster(true);
        try {
            start(0);
            if (msix) {
                regs.write(EICS, 1 << OTHER);
            } else {
                regs.write(ICS, ICR_LSC);
            }
            for (int waited = 0; waited < TEST_MICROS; waited += TEST_STEP_MICROS) {
                if (vectors.get(OTHER).drain() || others.get() != before) {
                    return true;
                }
                Registers.delayMicros(TEST_STEP_MICROS);
            }
            return false;
        } finally {
            stop();
            regs.readAndClear(ICR, 0);
            bus.unmask();
            bus.config().setBusMaster(false);
        }
    }

    /** Whether interrupts arrive; if not, nothing else here does anything. */
    boolean working() {
        return working;
    }

    /** Descriptors that become readable when {@link #handle} has something to do. */
    List<Integer> handledFds() {
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

    private int vectorOf(int queue) {
        return msix ? Math.min(queue + 1, lastVector()) : OTHER;
    }

    private boolean shared(int vector) {
        return msix && vector == lastVector() && vector < chip.queues;
    }

    /** The interrupt of a queue, of {@code count} that are in use. */
    RxInterrupt of(int queue, int count) {
        EventFd event = queues.get(queue);
        if (!msix) {
            return new RxInterrupt(regs.mmio(), event, ICR_RXDW, ICR, IMS, IMC, STATUS, count > 1);
        }
        int vector = vectorOf(queue);
        return new RxInterrupt(
                regs.mmio(), event, 1 << vector, EICR, EIMS, EIMC, STATUS, shared(vector));
    }

    /** Gives causes their vectors and unmasks all but the queues, 4.5.8. */
    void start(int rxQueues) {
        started = rxQueues;
        // Reading ICR masks nothing.
        regs.write(IAM, 0);
        if (msix) {
            // Reading ICR clears it; a message clears its bit of EICR, and masks a queue's.
            regs.write(GPIE, GPIE_NSICR | GPIE_MULTIPLE_MSIX | GPIE_EIAME | GPIE_PBA_SUPPORT);
            int all = (1 << vectors.size()) - 1;
            regs.write(EIAC, all);
            regs.write(EIAM, all & ~(1 << OTHER));
            for (int q = 0; q < chip.queues; q++) {
                allocate(q, q < rxQueues ? vectorOf(q) | IVAR_VALID : 0);
            }
            regs.write(IVAR_MISC, (OTHER | IVAR_VALID) << IVAR_OTHER_SHIFT);
            regs.write(EIMS, 1 << OTHER);
        } else {
            regs.write(GPIE, GPIE_NSICR);
        }
        regs.write(IMS, ICR_LSC);
    }

    /** Receive causes have byte 0 of a queue's pair, and byte 2, 7.3.2; transmit has none. */
    private void allocate(int queue, int entry) {
        // The 82576 puts queues 0 and 8 into one register, its successors 0 and 1.
        boolean apart = chip == IgbChip.E82576;
        int register = apart ? queue & 7 : queue >> 1;
        boolean second = apart ? queue > 7 : (queue & 1) != 0;
        int shift = second ? 16 : 0;
        regs.change(IVAR, register, 0xffff << shift, entry << shift);
    }

    /** Masks all. */
    void stop() {
        regs.write(IMC, ALL);
        regs.write(EIMC, ALL);
    }

    /** On the watch's thread: deals with the causes that are not a queue's own. */
    void handle() {
        if (vectors.get(OTHER).drain()) {
            others.incrementAndGet();
            regs.readAndClear(ICR, 0);
            if (!msix) {
                regs.write(IMC, ICR_RXDW);
                signalFrom(0);
                bus.unmask();
            }
        }
        int last = lastVector();
        if (shared(last) && vectors.get(last).drain()) {
            // Before the events: a queue that arms after its event is armed.
            regs.write(EIMC, 1 << last);
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
    public void close() {
        vectors.forEach(EventFd::close);
        queues.forEach(EventFd::close);
    }
}
