// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Watches one interface of the kernel on a thread of its own and follows it to other namespaces.
 * Changes are told as they happen; what Linux sends no event for (the link layer multicast list,
 * allmulticast wanted by a socket) is looked at every {@value #POLL_MILLIS} ms, and only while
 * {@link #setPolling} is on.
 */
public final class LinkMonitor implements AutoCloseable {
    /** How often things without events are looked at. */
    public static final int POLL_MILLIS = 700;

    private static final Logger LOG = System.getLogger(LinkMonitor.class.getName());
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;
    private static final int RETRY_MILLIS = 100;
    private static final long POLL_NANOS = POLL_MILLIS * 1_000_000L;
    private static final int POLLIN = 1;

    /**
     * Is told under the monitor's lock, by whichever thread saw it; must return soon.
     *
     * @see LinkMonitor#locked
     */
    public interface Listener {
        /** The state or the multicast list is another than before. */
        void changed();

        /** The interface is in another namespace, or has another number; after {@link #changed}. */
        void moved();

        /** The interface was deleted. */
        void gone();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkTracker tracker;
    private final Listener listener;
    private final EventFd wake = new EventFd();
    private final Thread thread;
    private volatile boolean polling;
    private volatile boolean closed;
    private LinkState toldState;
    private Set<MacAddress> toldMulticast = Set.of();
    private long toldNamespace;
    private boolean toldGone;
    private boolean failing;

    /**
     * Begins to watch the interface that {@code whereabouts} finds.
     *
     * @throws NetlinkException with ENODEV when there is none
     * @throws NetNamespaceException when its namespace cannot be entered
     */
    public LinkMonitor(String name, Whereabouts whereabouts, Listener listener) {
        try {
            tracker = new LinkTracker(whereabouts);
        } catch (RuntimeException e) {
            wake.close();
            throw e;
        }
        this.listener = listener;
        toldState = tracker.state();
        toldMulticast = tracker.multicast();
        toldNamespace = tracker.namespace().inode();
        thread = Thread.ofPlatform().daemon().name("vpmd-link-" + name).unstarted(this::run);
    }

    /** Begins to call the listener. Once. */
    public void start() {
        thread.start();
    }

    /** The last known state; after {@link Listener#gone} the one before. */
    public LinkState state() {
        return locked(tracker::state);
    }

    /** The link layer multicast addresses when they were last looked at. */
    public Set<MacAddress> multicast() {
        return locked(tracker::multicast);
    }

    /** {@link NetNamespace#inode} of where the interface is. */
    public long namespaceInode() {
        return locked(() -> toldNamespace);
    }

    /** The namespace's descriptor, valid while the interface stays there. */
    public int namespaceFd() {
        return locked(() -> tracker.namespace().fd());
    }

    /** Runs {@code task} in the namespace where the interface is; see {@link NetNamespace#call}. */
    public <T> T inside(Supplier<T> task) {
        return locked(() -> tracker.namespace().call(task));
    }

    /** Switches the looks at what has no events. */
    public void setPolling(boolean on) {
        polling = on;
        wake.signal();
    }

    /**
     * Runs {@code task} with nobody else looking at or changing the interface through this object.
     */
    public <T> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the events that are there.
     *
     * @return the states that they tell, in order
     */
    public List<LinkState> catchUp() {
        return locked(
                () -> {
                    List<LinkState> seen = tracker.drain();
                    tell();
                    return seen;
                });
    }

    /** Reads state and multicast list afresh. */
    public void refresh() {
        locked(
                () -> {
                    tracker.drain();
                    tracker.refresh();
                    tell();
                    return this;
                });
    }

    /**
     * Changes the interface; {@link #state} has the change when this returns.
     *
     * @param write gets the namespace's rtnetlink and the interface's number
     * @return the states that the interface went through since the last look, in order
     * @throws NetlinkException when the kernel refuses
     */
    public List<LinkState> change(ObjIntConsumer<Rtnetlink> write) {
        return locked(
                () -> {
                    write.accept(tracker.requests(), tracker.state().ifindex());
                    // The kernel queues a change's event before it answers the request.
                    return catchUp();
                });
    }

    private void tell() {
        if (closed) {
            return;
        }
        if (tracker.gone()) {
            if (!toldGone) {
                toldGone = true;
                listener.gone();
            }
            return;
        }
        LinkState state = tracker.state();
        boolean renumbered =
                state.ifindex() != toldState.ifindex()
                        || tracker.namespace().inode() != toldNamespace;
        boolean changed = !same(state, toldState) || !tracker.multicast().equals(toldMulticast);
        toldState = state;
        toldMulticast = tracker.multicast();
        toldNamespace = tracker.namespace().inode();
        if (changed || renumbered) {
            listener.changed();
        }
        if (renumbered) {
            listener.moved();
        }
    }

    /** Equal but for the counters, which differ all the time. */
    private static boolean same(LinkState a, LinkState b) {
        return a.withoutStats().equals(b.withoutStats());
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fds = arena.allocate(16, 8);
            fds.set(ValueLayout.JAVA_INT, 0, wake.fd());
            fds.set(ValueLayout.JAVA_SHORT, 4, (short) POLLIN);
            fds.set(ValueLayout.JAVA_SHORT, 12, (short) POLLIN);
            long nextLook = System.nanoTime() + POLL_NANOS;
            while (!closed) {
                // A negative descriptor is one that poll(2) ignores.
                int events = locked(() -> tracker.gone() ? -1 : tracker.eventFd());
                fds.set(ValueLayout.JAVA_INT, 8, events);
                Libc.poll(fds, 2, timeoutMillis(nextLook));
                wake.drain();
                if (closed) {
                    break;
                }
                boolean all = polling && System.nanoTime() - nextLook >= 0;
                if (all) {
                    nextLook = System.nanoTime() + POLL_NANOS;
                }
                look(all);
            }
        }
    }

    private int timeoutMillis(long nextLook) {
        if (locked(tracker::lost)) {
            return RETRY_MILLIS;
        }
        if (!polling || locked(tracker::gone)) {
            return -1;
        }
        long left = (nextLook - System.nanoTime()) / 1_000_000 + 1;
        return Math.clamp(left, 1, POLL_MILLIS);
    }

    private void look(boolean all) {
        try {
            if (all) {
                refresh();
            } else {
                catchUp();
            }
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.log(Level.WARNING, "cannot read the state of an interface, trying again", e);
            }
            failing = true;
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            // Nobody interrupts this thread; were it done, only this pause would end.
        }
    }

    /** Stops watching; the listener is not called any more when this returns. */
    @Override
    public void close() {
        closed = true;
        wake.signal();
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.equals(Thread.currentThread()) && thread.isAlive()) {
                thread.join(Duration.ofMillis(CLOSE_TIMEOUT_MILLIS));
            }
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        locked(
                () -> {
                    tracker.close();
                    wake.close();
                    return Objects.requireNonNull(this);
                });
    }
}
