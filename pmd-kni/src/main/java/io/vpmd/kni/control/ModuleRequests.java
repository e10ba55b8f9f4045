// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.kmod.KmodHandler;
import io.vpmd.kni.kmod.KmodRequest;
import io.vpmd.kni.kmod.KmodRequest.Change;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.EventFd;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Requests of an interface of kni.ko, from the module itself. It waits for answers in synchronous
 * mode, with a lock of the kernel held, and puts back what is refused in asynchronous mode; so
 * nothing is asked of the kernel between a request and its answer, and no lock is held here that
 * somebody holds who asks the kernel.
 *
 * <p>A thread reads and keeps the newest request of each kind; the control thread serves them. What
 * the application knows already, above all what it is setting itself, is answered at once.
 */
final class ModuleRequests implements AutoCloseable {
    private static final Logger LOG = System.getLogger(KernelControl.class.getName());
    private static final Duration END = Duration.ofSeconds(5);

    private final String name;
    private final KmodHandler handler;
    private final RequestCounters counters;
    private final Runnable arrived;
    private final EventFd wake = new EventFd();
    private final Thread thread;
    private final Map<Class<? extends Change>, KmodRequest> waiting = new HashMap<>();
    private final Known known;
    private @Nullable Class<? extends Change> asking;
    private @Nullable Change expected;
    private volatile boolean closed;

    /**
     * Requests that {@code handler} reads, which this closes.
     *
     * @param arrived is called by the reading thread when something is to be served
     */
    ModuleRequests(
            String name,
            KmodHandler handler,
            int mtu,
            MacAddress mac,
            RequestCounters counters,
            Runnable arrived) {
        this.name = name;
        this.handler = handler;
        this.known = new Known(mtu, mac);
        this.counters = counters;
        this.arrived = arrived;
        this.thread =
                Thread.ofPlatform().daemon().name("vpmd-requests-" + name).unstarted(this::run);
    }

    /** Begins to read. Once. */
    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            handler.await(wake);
            wake.drain();
            KmodHandler.Taken taken = handler.take();
            while (taken.request() != null && !closed) {
                keep(taken.request());
                arrived.run();
                taken = handler.take();
            }
            if (taken.ended()) {
                return;
            }
        }
    }

    private synchronized void keep(KmodRequest request) {
        Class<? extends Change> kind = request.change().getClass();
        boolean settled = known.has(request.change()) && !kind.equals(asking);
        KmodRequest kept = request;
        if (request.wantsAnswer() && (settled || request.change().equals(expected))) {
            handler.answer(request, true);
            // Looked at once more, after what may be asked about at this moment.
            kept = new KmodRequest(request.sequence(), false, false, request.change());
        }
        waiting.put(kind, kept);
    }

    /** An interface goes down before and up after its other changes. */
    private synchronized @Nullable KmodRequest next() {
        KmodRequest next =
                waiting.values().stream()
                        .min(Comparator.comparingInt(ModuleRequests::rank))
                        .orElse(null);
        if (next == null) {
            asking = null;
        } else {
            asking = next.change().getClass();
            waiting.remove(asking);
        }
        return next;
    }

    private static int rank(KmodRequest request) {
        return switch (request.change()) {
            case Change.Up(boolean up) -> up ? 5 : 0;
            case Change.Mac _ -> 1;
            case Change.Mtu _ -> 2;
            case Change.Filter _ -> 3;
            case Change.Vlans _ -> 4;
        };
    }

    /**
     * Serves what is there.
     *
     * @param ask asks or tells the application; false when it refuses
     * @param restore sets in the kernel what a refused change that needed no consent has changed
     * @return how many requests the application was asked or told
     */
    int serve(Predicate<Request> ask, Consumer<Request> restore) {
        int served = 0;
        for (KmodRequest r = next(); r != null; r = next()) {
            Request asked = known.next(r.change());
            if (asked == null) {
                answer(r, true);
            }
            while (asked != null) {
                served++;
                settle(r, asked, ask.test(asked), restore);
                asked = r.change() instanceof Change.Filter ? known.next(r.change()) : null;
            }
        }
        return served;
    }

    private void settle(KmodRequest r, Request asked, boolean ok, Consumer<Request> restore) {
        if (ok || !Known.refusable(asked)) {
            known.accept(asked);
            answer(r, true);
            return;
        }
        if (r.wantsAnswer() && !handler.answer(r, false)) {
            counters.superseded.incrementAndGet();
            return;
        }
        counters.refused.incrementAndGet();
        if (r.waits()) {
            return;
        }
        LOG.log(Level.WARNING, name + ": " + asked + " was refused and is put back");
        if (!r.wantsAnswer()) {
            restore.accept(known.same(asked));
        }
        counters.putBack.incrementAndGet();
    }

    private void answer(KmodRequest r, boolean accepted) {
        if (r.wantsAnswer()) {
            handler.answer(r, accepted);
        }
    }

    /** The application changes the interface itself, by {@code set}. */
    void apply(Request own, Runnable set) {
        Request before = known.same(own);
        known.accept(own);
        expect(Known.change(own));
        try {
            set.run();
        } catch (RuntimeException e) {
            known.accept(before);
            throw e;
        } finally {
            expect(null);
        }
    }

    private synchronized void expect(@Nullable Change change) {
        expected = change;
    }

    /** What the application agreed to last. */
    Known known() {
        return known;
    }

    /** Reads no more; the module makes what waits for an answer. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        wake.signal();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.equals(Thread.currentThread()) && thread.isAlive()) {
                thread.join(END);
            }
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        handler.close();
        if (!thread.isAlive()) {
            wake.close();
        }
    }
}
