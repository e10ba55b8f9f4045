// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.LinkMonitor;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetlinkException;
import io.vpmd.kni.netlink.Rtnetlink;
import io.vpmd.kni.netlink.Whereabouts;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

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
 * <p>Locks: a port's lock is taken before the monitor's, never the other way round; handlers run
 * with neither.
 */
public final class KernelControl implements AutoCloseable {
    private static final Logger LOG = System.getLogger(KernelControl.class.getName());
    private static final long HANDLER_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_SERVED = 256;

    private final String name;
    private final Side side;
    private final Executor controlThread;
    private final boolean byApplication;
    private final LinkMonitor monitor;
    private final Settings settings;
    private final ReentrantLock serving = new ReentrantLock();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong putBacks = new AtomicLong();
    private final AtomicLong superseded = new AtomicLong();
    private volatile @Nullable KernelHandlers handlers;
    private volatile boolean dirty;
    private @Nullable Claim handlersClaim;
    private boolean accepting;

    /** The application's side of the interface. */
    public interface Side {
        /**
         * Takes over an MTU that the kernel has and the handlers accepted. One that cannot throws,
         * and the MTU is put back.
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
        LinkState state = monitor.state();
        this.settings = new Settings(state.mtu(), state.mac());
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
                    settings.restart();
                    handlers = wanted;
                    dirty = true;
                    return this;
                });
        monitor.setPolling(true);
        monitor.refresh();
        schedule();
    }

    /**
     * See {@link io.vpmd.spi.feature.KernelRequests#unregisterHandlers}.
     *
     * @throws PortException when a handler still runs after 5 s; it is unregistered all the same
     */
    public void unregisterHandlers() {
        monitor.setPolling(false);
        monitor.locked(
                () -> {
                    handlers = null;
                    if (handlersClaim != null) {
                        handlersClaim.close();
                        handlersClaim = null;
                    }
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
            for (Request r = next(); r != null; r = next()) {
                if (served == MAX_SERVED) {
                    dirty = true;
                    schedule();
                    break;
                }
                settle(r, ask(r));
                served++;
            }
            return served;
        } finally {
            serving.unlock();
        }
    }

    private @Nullable Request next() {
        Request[] next = new Request[1];
        monitor.locked(
                () -> {
                    next[0] = settings.next(monitor.state(), monitor.multicast(), handlers != null);
                    return this;
                });
        return next[0];
    }

    private boolean ask(Request request) {
        KernelHandlers asked = handlers;
        if (asked != null) {
            requests.incrementAndGet();
        }
        try {
            return (asked == null || call(asked, request)) && sideAccepts(request);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the handler of " + name + " for " + request + " failed", e);
            return false;
        }
    }

    private static boolean call(KernelHandlers asked, Request request) {
        switch (request) {
            case Request.Up r -> {
                return asked.configNetworkIf(r.up());
            }
            case Request.Mtu r -> {
                return asked.changeMtu(r.bytes());
            }
            case Request.Mac r -> {
                return asked.configMacAddress(r.address());
            }
            case Request.Promiscuity r -> asked.configPromiscuity(r.on());
            case Request.Allmulticast r -> asked.configAllmulticast(r.on());
            case Request.MulticastList r -> asked.configMulticastList(r.addresses());
        }
        return true;
    }

    private boolean sideAccepts(Request request) {
        accepting = true;
        try {
            if (request instanceof Request.Mtu(int bytes)) {
                side.acceptMtu(bytes);
            } else if (request instanceof Request.Mac(MacAddress address)) {
                side.acceptMac(address);
            }
            return true;
        } catch (PortException e) {
            LOG.log(Level.WARNING, e.getMessage());
            return false;
        } finally {
            accepting = false;
        }
    }

    private void settle(Request request, boolean ok) {
        monitor.locked(
                () -> {
                    switch (request) {
                        case Request.Up r when !r.up() -> settings.up.accept(false);
                        case Request.Up r ->
                                settle(settings.up, r.up(), ok, LinkState::up, Rtnetlink::setUp);
                        case Request.Mtu r ->
                                settle(
                                        settings.mtu,
                                        r.bytes(),
                                        ok,
                                        LinkState::mtu,
                                        Rtnetlink::setMtu);
                        case Request.Mac r ->
                                settle(
                                        settings.mac,
                                        r.address(),
                                        ok,
                                        LinkState::mac,
                                        Rtnetlink::setMac);
                        case Request.Promiscuity r -> settings.promiscuity.accept(r.on());
                        case Request.Allmulticast r -> settings.allmulticast.accept(r.on());
                        case Request.MulticastList r -> settings.multicast.accept(r.addresses());
                    }
                    return this;
                });
    }

    /** Sets one value of an interface. */
    private interface Write<T> {
        void accept(Rtnetlink kernel, int ifindex, T value);
    }

    private <T> void settle(
            Setting<T> setting, T value, boolean ok, Function<LinkState, T> of, Write<T> write) {
        monitor.catchUp();
        T kernel = of.apply(monitor.state());
        if (ok) {
            boolean restore = setting.wasOverwritten(value) && kernel.equals(setting.accepted());
            setting.accept(value);
            if (restore) {
                monitor.change((nl, ifindex) -> write.accept(nl, ifindex, value));
            }
            return;
        }
        if (!kernel.equals(value)) {
            setting.forgetOverwritten();
            superseded.incrementAndGet();
            return;
        }
        refused.incrementAndGet();
        T before = setting.accepted();
        try {
            List<LinkState> seen =
                    monitor.change((nl, ifindex) -> write.accept(nl, ifindex, before));
            putBacks.incrementAndGet();
            setting.putBack(value, seen.stream().map(of).toList());
            LOG.log(Level.WARNING, name + ": " + value + " was refused, " + before + " put back");
        } catch (NetlinkException e) {
            setting.stuck(value);
            LOG.log(
                    Level.WARNING,
                    name + ": " + value + " was refused and cannot be put back: " + e.getMessage());
        }
    }

    /**
     * The application sets the MTU; it does not come back as a request.
     *
     * @throws NetlinkException when the kernel refuses; nothing has changed then
     */
    public void applyMtu(int bytes) {
        apply(settings.mtu, bytes, LinkState::mtu, Rtnetlink::setMtu);
    }

    /** The application sets the address, in the same way. */
    public void applyMac(MacAddress mac) {
        apply(settings.mac, mac, LinkState::mac, Rtnetlink::setMac);
    }

    private <T> void apply(Setting<T> setting, T value, Function<LinkState, T> of, Write<T> write) {
        if (serving.isHeldByCurrentThread() && accepting) {
            // The kernel had this value first, and may have another one already.
            return;
        }
        monitor.locked(
                () -> {
                    monitor.catchUp();
                    if (!of.apply(monitor.state()).equals(value)) {
                        monitor.change((nl, ifindex) -> write.accept(nl, ifindex, value));
                    }
                    setting.accept(value);
                    return this;
                });
    }

    /** Adds the counters under {@code kernel_...}. */
    public void addXstats(Map<String, Long> to) {
        to.put("kernel_requests", requests.get());
        to.put("kernel_requests_refused", refused.get());
        to.put("kernel_put_backs", putBacks.get());
        to.put("kernel_requests_superseded", superseded.get());
    }

    /** Stops watching and gives the handlers up. */
    @Override
    public void close() {
        monitor.close();
        handlers = null;
        if (handlersClaim != null) {
            handlersClaim.close();
            handlersClaim = null;
        }
    }
}
