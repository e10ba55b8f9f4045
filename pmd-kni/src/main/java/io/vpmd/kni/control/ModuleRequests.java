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
    private @Nullable KmodRequest overtaken;
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
        if (isOvertaken(request)) {
            overtaken = request;
            return;
        }
        boolean settled = known.has(request.change()) && !kind.equals(asking);
        KmodRequest kept = request;
        if (request.wantsAnswer() && (settled || request.change().equals(expected))) {
            handler.answer(request, true);
            // Looked at once more, after what may be asked about at this moment.
            kept = new KmodRequest(request.sequence(), false, false, request.change());
        }
        waiting.put(kind, kept);
    }

    /** Whether the application is setting another value of that kind, and nobody waits for this. */
    private boolean isOvertaken(KmodRequest request) {
        Change own = expected;
        return own != null
                && own.getClass().equals(request.change().getClass())
                && !own.equals(request.change())
                && !request.waits();
    }

    /** An interface goes down before and up after its other changes. */
    private synchronized @Nullable Step next() {
        KmodRequest next =
                waiting.values().stream()
                        .min(Comparator.comparingInt(ModuleRequests::rank))
                        .orElse(null);
        if (next == null) {
            asking = null;
            return null;
        }
        asking = next.change().getClass();
        waiting.remove(asking);
        return new Step(next, known.next(next.change()));
    }

    /** A request and what to ask for it; nothing when all is known. */
    private record Step(KmodRequest request, @Nullable Request asked) {}

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
        for (Step step = next(); step != null; step = next()) {
            KmodRequest r = step.request();
            Request asked = step.asked();
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
        expect(own);
        try {
            set.run();
        } catch (RuntimeException e) {
            unexpect(before);
            throw e;
        }
        unexpect(null);
    }

    private synchronized void expect(Request own) {
        Change change = Known.change(own);
        expected = change;
        known.accept(own);
        if (change == null) {
            return;
        }
        KmodRequest old = waiting.get(change.getClass());
        if (old != null && isOvertaken(old)) {
            waiting.remove(change.getClass());
            overtaken = old;
        }
    }

    /** With what the application has still, when its change failed. */
    private synchronized void unexpect(@Nullable Request failedAt) {
        KmodRequest old = overtaken;
        expected = null;
        overtaken = null;
        if (failedAt != null) {
            known.accept(failedAt);
            if (old != null) {
                waiting.putIfAbsent(old.change().getClass(), old);
                arrived.run();
            }
        }
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
