// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.kmod.KmodException;
import io.vpmd.kni.kmod.KmodHandler;
import io.vpmd.kni.netlink.LinkMonitor;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetlinkException;
import io.vpmd.kni.netlink.Whereabouts;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.sys.ErrnoException;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the settings of an interface and of the application to agreement.
 *
 * <p>The kernel has applied a change when it is seen here, and nobody waits for the answer. So what
 * counts is the state, not the events: handlers are asked about the value that the interface has
 * now, and intermediate values of changes that follow each other quickly may be skipped. A refused
 * value is put back once, if the interface still has it; a refusal that comes too late (another
 * value took its place) puts nothing back, and the new value is asked about. A change that a
 * put-back happens to overwrite is not lost: it is asked about as well and, if accepted, restored.
 *
 * <p>An interface of kni.ko tells its handlers itself ({@link ModuleRequests}), so that they can be
 * asked before a change is made; without handlers here it is watched like any other.
 *
 * <p>Locks: a port's lock is taken before the monitor's, never the other way round; handlers run
 * with neither.
 */
public final class KernelControl implements AutoCloseable {
    private static final Logger LOG = System.getLogger(KernelControl.class.getName());
    private static final long HANDLER_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_SERVED = 256;
    private static final String KMOD_KIND = "kni";

    private final String name;
    private final Side side;
    private final Executor controlThread;
    private final boolean byApplication;
    private final LinkMonitor monitor;
    private final Agreement agreement;
    private final Consent consent;
    private final ReentrantLock serving = new ReentrantLock();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final RequestCounters counters = new RequestCounters();
    private volatile @Nullable KernelHandlers handlers;
    private volatile @Nullable ModuleRequests module;
    private volatile boolean dirty;
    private @Nullable Claim handlersClaim;

    /** The application's side of the interface. */
    public interface Side {
        /**
         * Takes over an MTU that the kernel has. One that cannot throws, and the MTU is put back.
         */
        void acceptMtu(int bytes);

        /** The same for an address. */
        void acceptMac(MacAddress mac);

        /** The interface is elsewhere; called under the monitor's lock. */
        void moved(long namespaceInode, int ifindex);

        /** The interface was deleted; called under the monitor's lock. */
        void gone();
    }

    /**
     * Control of the interface that {@code whereabouts} finds. Its MTU and address of now count as
     * accepted.
     *
     * @param name of the port, for messages
     * @param controlThread runs handlers, one at a time
     * @param byApplication whether registered handlers run in {@link #handleRequests} only
     * @throws PortException when the interface is not there
     */
    public KernelControl(
            String name,
            Whereabouts whereabouts,
            Side side,
            Executor controlThread,
            boolean byApplication) {
        this.name = name;
        this.side = side;
        this.controlThread = controlThread;
        this.byApplication = byApplication;
        this.monitor = new LinkMonitor(name, whereabouts, new Events());
        this.agreement = new Agreement(name, monitor, counters);
        this.consent = new Consent(name, side, counters);
    }

    /** Begins to watch. Once. */
    public void start() {
        monitor.start();
    }

    private final class Events implements LinkMonitor.Listener {
        @Override
        public void changed() {
            dirty = true;
            schedule();
        }

        @Override
        public void moved() {
            int ifindex = monitor.state().ifindex();
            Claim claim = handlersClaim;
            if (claim != null) {
                claim.follow(monitor.namespaceInode(), ifindex);
            }
            side.moved(monitor.namespaceInode(), ifindex);
        }

        @Override
        public void gone() {
            side.gone();
        }
    }

    /** The interface as the events up to now tell, which spares a request to the kernel. */
    public LinkState currentState() {
        monitor.catchUp();
        return monitor.state();
    }

    /** The interface as the kernel says at this moment, with its counters. */
    public LinkState refreshedState() {
        monitor.refresh();
        return monitor.state();
    }

    /** Where the interface is: {@link io.vpmd.kni.netlink.NetNamespace#inode}. */
    public long namespaceInode() {
        return monitor.namespaceInode();
    }

    /** A descriptor of where it is, valid until it moves. */
    public int namespaceFd() {
        return monitor.namespaceFd();
    }

    /** See {@link io.vpmd.spi.feature.KernelRequests#registerHandlers}. */
    public void registerHandlers(KernelHandlers wanted) {
        Objects.requireNonNull(wanted, "handlers");
        monitor.locked(
                () -> {
                    if (handlers != null) {
                        throw new PortException(
                                "registerHandlers",
                                name,
                                "this process has registered handlers already",
                                "unregister them first");
                    }
                    int ifindex = monitor.state().ifindex();
                    handlersClaim =
                            Claim.take(
                                    Claim.Role.HANDLERS, name, monitor.namespaceInode(), ifindex);
                    beginModule();
                    agreement.restart();
                    handlers = wanted;
                    dirty = true;
                    return this;
                });
        ModuleRequests requests = module;
        if (requests != null) {
            requests.start();
            return;
        }
        monitor.setPolling(true);
        monitor.refresh();
        schedule();
    }

    /** With the monitor's lock: requests come from kni.ko from now on, if the interface is its. */
    private void beginModule() {
        if (!monitor.state().kind().equals(KMOD_KIND)) {
            return;
        }
        int ifindex = monitor.state().ifindex();
        try {
            module =
                    new ModuleRequests(
                            name,
                            monitor.inside(() -> new KmodHandler(ifindex)),
                            agreement.acceptedMtu(),
                            agreement.acceptedMac(),
                            counters,
                            this::arrived);
        } catch (KmodException e) {
            releaseClaim();
            throw new PortException(
                    "registerHandlers", name, e.reason(), "stop the other handler first", e);
        } catch (ErrnoException e) {
            LOG.log(
                    Level.WARNING,
                    name + ": refusals come after the change, without " + e.object());
        }
    }

    private void arrived() {
        dirty = true;
        schedule();
    }

    private void releaseClaim() {
        if (handlersClaim != null) {
            handlersClaim.close();
            handlersClaim = null;
        }
    }

    private void endModule() {
        ModuleRequests requests = module;
        if (requests != null) {
            requests.close();
            agreement.accept(requests.known().mtu(), requests.known().mac());
            module = null;
        }
    }

    /**
     * See {@link io.vpmd.spi.feature.KernelRequests#unregisterHandlers}.
     *
     * @throws PortException when a handler still runs after 5 s; it is unregistered all the same
     */
    public void unregisterHandlers() {
        monitor.setPolling(false);
        endModule();
        monitor.locked(
                () -> {
                    handlers = null;
                    releaseClaim();
                    return this;
                });
        awaitHandlers();
    }

    private void awaitHandlers() {
        if (serving.isHeldByCurrentThread()) {
            return;
        }
        try {
            if (serving.tryLock(HANDLER_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                serving.unlock();
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new PortException(
                "unregisterHandlers",
                name,
                "a handler still runs",
                "let it return before what it uses is closed");
    }

    /**
     * See {@link io.vpmd.spi.feature.KernelRequests#handleRequests}. Cheap when nothing is there.
     */
    public int handleRequests() {
        return byApplication && dirty && handlers != null ? serve() : 0;
    }

    private void schedule() {
        boolean waitsForApplication = byApplication && handlers != null;
        if (!waitsForApplication && scheduled.compareAndSet(false, true)) {
            controlThread.execute(
                    () -> {
                        scheduled.set(false);
                        serve();
                    });
        }
    }

    private int serve() {
        if (serving.isHeldByCurrentThread()) {
            return 0;
        }
        serving.lock();
        try {
            int served = 0;
            dirty = false;
            ModuleRequests requests = module;
            if (requests != null) {
                return requests.serve(this::ask, agreement::restore);
            }
            Request r = agreement.next(handlers != null);
            while (r != null) {
                if (served == MAX_SERVED) {
                    dirty = true;
                    schedule();
                    break;
                }
                agreement.settle(r, ask(r));
                served++;
                r = agreement.next(handlers != null);
            }
            return served;
        } finally {
            serving.unlock();
        }
    }

    private boolean ask(Request request) {
        return consent.ask(request, handlers, this::agreed);
    }

    /** What the application has agreed to, of the same kind. */
    private Request agreed(Request request) {
        ModuleRequests requests = module;
        return requests == null ? agreement.same(request) : requests.known().same(request);
    }

    /**
     * The application sets the MTU; it does not come back as a request.
     *
     * @throws NetlinkException when the kernel refuses; nothing has changed then
     */
    public void applyMtu(int bytes) {
        if (!acceptingNow()) {
            apply(new Request.Mtu(bytes), () -> agreement.applyMtu(bytes));
        }
    }

    /** The application sets the address, in the same way. */
    public void applyMac(MacAddress address) {
        if (!acceptingNow()) {
            apply(new Request.Mac(address), () -> agreement.applyMac(address));
        }
    }

    private void apply(Request own, Runnable set) {
        ModuleRequests requests = module;
        if (requests == null) {
            set.run();
        } else {
            requests.apply(own, set);
        }
    }

    /** The kernel had the value first, and may have another one already: it is left alone. */
    private boolean acceptingNow() {
        return serving.isHeldByCurrentThread() && consent.accepting();
    }

    /** Adds the counters under {@code kernel_...}. */
    public void addXstats(Map<String, Long> to) {
        counters.addTo(to);
    }

    /** Stops watching and gives the handlers up. */
    @Override
    public void close() {
        ModuleRequests requests = module;
        if (requests != null) {
            requests.close();
        }
        monitor.close();
        handlers = null;
        releaseClaim();
    }
}
