// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.PoolUser;
import io.vpmd.spi.mbuf.Pools;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What every port has in common: life, settings, quiescence, counters, events. A driver extends it
 * and says in the {@code on...} methods what its device does.
 *
 * <p>The {@code on...} methods run one at a time, under the port's lock, and with no burst running
 * except where they say otherwise. One that throws leaves the state or setting as it was.
 */
public abstract class AbstractPort implements Port, PoolUser {
    /** How long a control method waits for a burst to end. */
    public static final long QUIESCE_TIMEOUT_MILLIS = 5_000;

    private static final long CONTROL_TIMEOUT_MILLIS = 5_000;

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final ControlThread control;
    private final List<PortListener> listeners = new CopyOnWriteArrayList<>();

    private volatile int id = -1;
    private volatile PortState state = PortState.OPEN;
    private volatile QueueSet queues = QueueSet.EMPTY;
    private volatile @Nullable PortConfig config;
    private volatile MacAddress mac;
    private volatile int mtu;
    private volatile boolean promiscuous;
    private volatile boolean allmulticast;

    /** A port named {@code driver:device} with these initial settings. */
    protected AbstractPort(PortSpec spec, MacAddress mac, int mtu) {
        this.name = spec.driver() + ":" + spec.device();
        this.control = new ControlThread(name);
        this.mac = mac;
        this.mtu = mtu;
    }

    /** Makes the queue with this index for the settings of {@code config}. */
    protected abstract RxQueue newRxQueue(int index, PortConfig config);

    /** Makes the queue with this index for the settings of {@code config}. */
    protected abstract TxQueue newTxQueue(int index, PortConfig config);

    /** Applies settings; the queues of the last configure are released, the new ones not made. */
    protected void onConfigure(PortConfig config) {}

    /** Begins to move packets; the first burst comes after it returned. */
    protected void onStart() {}

    /** Ceases to move packets and frees those that were received and not taken. */
    protected void onStop() {}

    /** Gives the device back. Called once, on a stopped port, after the queues' release. */
    protected void onClose() {}

    /** Sets the address on the device; bursts may be running. */
    protected void onMac(MacAddress address) {}

    /** Sets the MTU on the device; no burst is running. */
    protected void onMtu(int bytes) {}

    /** Switches promiscuous mode on the device; bursts may be running. */
    protected void onPromiscuous(boolean on) {}

    /** Switches allmulticast mode on the device; bursts may be running. */
    protected void onAllmulticast(boolean on) {}

    /** Adds the driver's own counters. */
    protected void addXstats(Map<String, Long> to) {}

    /** Buffers of {@code pool} that queues hold, caches not counted; no burst is running. */
    protected int heldBuffers(MbufPool pool) {
        return 0;
    }

    /** Called by {@link Ports} when the port has its id: pools and events come from now on. */
    final void opened() {
        Pools.join(this);
    }

    final void setId(int value) {
        id = value;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int id() {
        return id;
    }

    @Override
    public final PortState state() {
        return state;
    }

    @Override
    public final void configure(PortConfig wanted) {
        locked(
                "configure",
                () -> {
                    if (state != PortState.OPEN && state != PortState.CONFIGURED) {
                        throw wrongState("configure", "stop it first");
                    }
                    ConfigCheck.check(name, info(), wanted, mtu);
                    state = PortState.OPEN;
                    QueueSet old = queues;
                    // The old queues go on counting in the port's statistics.
                    queues = new QueueSet(List.of(), List.of(), old.stats());
                    old.release();
                    onConfigure(wanted);
                    queues = newQueues(wanted, queues.earlier());
                    config = wanted;
                    state = PortState.CONFIGURED;
                });
    }

    private QueueSet newQueues(PortConfig wanted, PortStats earlier) {
        List<RxQueue> rx = new ArrayList<>();
        List<TxQueue> tx = new ArrayList<>();
        try {
            for (int i = 0; i < wanted.rxQueues(); i++) {
                rx.add(newRxQueue(i, wanted));
            }
            for (int i = 0; i < wanted.txQueues(); i++) {
                tx.add(newTxQueue(i, wanted));
            }
        } catch (RuntimeException e) {
            new QueueSet(rx, tx, earlier).release();
            throw e;
        }
        return new QueueSet(rx, tx, earlier);
    }

    @Override
    public final PortConfig config() {
        PortConfig current = config;
        if (current == null) {
            throw wrongState("config", "configure it first");
        }
        return current;
    }

    @Override
    public final RxQueue rxQueue(int index) {
        return queue("rxQueue", queues.rx(), index);
    }

    @Override
    public final TxQueue txQueue(int index) {
        return queue("txQueue", queues.tx(), index);
    }

    private <Q> Q queue(String operation, List<Q> list, int index) {
        if (state == PortState.CLOSED) {
            throw wrongState(operation, "open it again");
        }
        if (index < 0 || index >= list.size()) {
            throw new PortException(
                    operation,
                    name,
                    "there is no queue " + index + ", it has " + list.size(),
                    "configure as many queues as are used");
        }
        return list.get(index);
    }

    @Override
    public final void start() {
        locked(
                "start",
                () -> {
                    if (state == PortState.STARTED) {
                        return;
                    }
                    if (state != PortState.CONFIGURED) {
                        throw wrongState(
                                "start",
                                state == PortState.OPEN ? "configure it first" : "close it");
                    }
                    checkPool();
                    queues.unhold();
                    onStart();
                    state = PortState.STARTED;
                    queues.open();
                });
    }

    /** A pool that is closing asks started ports only, so that one must not start into it. */
    private void checkPool() {
        MbufPool pool = config().rxPool();
        if (pool.closed()) {
            throw new PortException(
                    "start",
                    name,
                    "its receive pool " + pool.name() + " is closed",
                    "configure it with an open one");
        }
    }

    @Override
    public final void stop() {
        lock.lock();
        try {
            if (state == PortState.STARTED) {
                quiesce("stop");
                state = PortState.CONFIGURED;
                onStop();
            } else if (state == PortState.REMOVED) {
                quiesce("stop");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public final void close() {
        if (control.isCurrent()) {
            throw new PortException(
                    "close",
                    name,
                    "the caller is a handler of this port, on its control thread",
                    "close it from another thread");
        }
        Steps steps = new Steps();
        stop(steps);
        if (!control.close(CONTROL_TIMEOUT_MILLIS)) {
            throw new PortException(
                    "close",
                    name,
                    "a handler still runs after " + CONTROL_TIMEOUT_MILLIS + " ms",
                    "let the handler return and close again");
        }
        lock.lock();
        try {
            stop(steps);
            if (state != PortState.CLOSED) {
                state = PortState.CLOSED;
                steps.run(queues::release);
                steps.run(this::onClose);
            }
        } finally {
            lock.unlock();
        }
        // Not under the lock: the registry calls ports with its own lock held.
        Pools.leave(this);
        Ports.unregister(this);
        listeners.clear();
        steps.end();
    }

    /** A stop that fails does not keep a port open, unless a burst is still running. */
    private void stop(Steps steps) {
        steps.run(this::stop);
        if (steps.failedWith(PortBusyException.class)) {
            steps.end();
        }
    }

    private void quiesce(String operation) {
        Queue inside = queues.quiesce(QUIESCE_TIMEOUT_MILLIS);
        if (inside != null) {
            // A device that is gone stays shut.
            if (state == PortState.STARTED) {
                queues.open();
            }
            throw new PortBusyException(operation, name, inside.toString(), QUIESCE_TIMEOUT_MILLIS);
        }
    }

    /**
     * Runs {@code change} with no burst running, and lets bursts go on after it. For drivers that
     * change what the burst path uses on a started port.
     *
     * @throws PortBusyException when a burst does not end in time; nothing was run then
     */
    protected final void paused(String operation, Runnable change) {
        lock.lock();
        try {
            if (state == PortState.STARTED || state == PortState.REMOVED) {
                quiesce(operation);
            }
            try {
                change.run();
            } finally {
                if (state == PortState.STARTED) {
                    queues.open();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs {@code change} with no burst running in one queue, which takes part in the traffic
     * afterwards or not, until the port is started anew.
     *
     * @throws PortBusyException when a burst does not end in time; nothing was run then
     */
    protected final void pausedQueue(
            String operation, Queue queue, boolean takesPart, Runnable change) {
        lock.lock();
        try {
            Queue inside = QueueSet.quiesce(queue, QUIESCE_TIMEOUT_MILLIS);
            if (inside != null) {
                throw new PortBusyException(
                        operation, name, inside.toString(), QUIESCE_TIMEOUT_MILLIS);
            }
            change.run();
            queue.hold(!takesPart);
        } finally {
            if (state == PortState.STARTED) {
                queue.openGate();
            }
            lock.unlock();
        }
    }

    /** Whether a queue takes part in the traffic of a started port. */
    protected static boolean takesPart(Queue queue) {
        return !queue.held();
    }

    /** For drivers: the device is gone. Bursts see a stopped port, listeners are told. */
    protected final void removed(String reason) {
        lock.lock();
        try {
            if (state == PortState.CLOSED || state == PortState.REMOVED) {
                return;
            }
            state = PortState.REMOVED;
            queues.shut();
        } finally {
            lock.unlock();
        }
        post(new PortEvent.Removed(reason));
    }

    /** For drivers: tells the listeners, on the control thread. */
    protected final void post(PortEvent event) {
        control.post(() -> listeners.forEach(l -> l.onEvent(this, event)));
    }

    /** For drivers: runs {@code task} on the control thread. */
    protected final void onControlThread(Runnable task) {
        control.post(task);
    }

    @Override
    public final PortStats stats() {
        return queues.stats().plus(deviceStats());
    }

    /** What the device counts and no queue sees, since {@link #resetStats()}; also when closed. */
    protected PortStats deviceStats() {
        return PortStats.ZERO;
    }

    @Override
    public void resetStats() {
        locked("resetStats", () -> queues = queues.reset());
    }

    @Override
    public final Map<String, Long> xstats() {
        checkOpen("xstats");
        Map<String, Long> all = new LinkedHashMap<>();
        Xstats.add(all, stats(), queues);
        addXstats(all);
        return all;
    }

    @Override
    public Link link() {
        checkOpen("link");
        return state == PortState.STARTED ? Link.up(10_000) : Link.DOWN;
    }

    @Override
    public final MacAddress mac() {
        checkOpen("mac");
        return mac;
    }

    @Override
    public final void setMac(MacAddress address) {
        locked(
                "setMac",
                () -> {
                    if (!address.valid()) {
                        throw new PortException(
                                "setMac",
                                name,
                                address + " is no unicast address",
                                "pick one whose first byte is even");
                    }
                    onMac(address);
                    mac = address;
                });
    }

    @Override
    public final int mtu() {
        checkOpen("mtu");
        return mtu;
    }

    @Override
    public final void setMtu(int bytes) {
        locked(
                "setMtu",
                () -> {
                    ConfigCheck.checkMtu(name, info(), bytes, config);
                    paused("setMtu", () -> onMtu(bytes));
                    mtu = bytes;
                });
    }

    @Override
    public final boolean promiscuous() {
        checkOpen("promiscuous");
        return promiscuous;
    }

    @Override
    public final void setPromiscuous(boolean on) {
        locked(
                "setPromiscuous",
                () -> {
                    onPromiscuous(on);
                    promiscuous = on;
                });
    }

    @Override
    public final boolean allmulticast() {
        checkOpen("allmulticast");
        return allmulticast;
    }

    @Override
    public final void setAllmulticast(boolean on) {
        locked(
                "setAllmulticast",
                () -> {
                    onAllmulticast(on);
                    allmulticast = on;
                });
    }

    @Override
    public final void addListener(PortListener listener) {
        checkOpen("addListener");
        if (!listeners.contains(listener)) {
            listeners.add(listener);
        }
    }

    @Override
    public final void removeListener(PortListener listener) {
        listeners.remove(listener);
    }

    /** The port itself where it implements {@code type}; drivers may answer for more. */
    @Override
    public <F> Optional<F> feature(Class<F> type) {
        checkOpen("feature");
        return type.isInstance(this) && type.getPackageName().equals("io.vpmd.spi.feature")
                ? Optional.of(type.cast(this))
                : Optional.empty();
    }

    @Override
    public void poolAdded(MbufPool pool) {}

    @Override
    public final int poolClosing(MbufPool pool) {
        lock.lock();
        try {
            PortConfig current = config;
            if (state == PortState.STARTED && current != null && current.rxPool() == pool) {
                return Math.max(1, pool.taken());
            }
            if (pool.taken() == 0) {
                // All are free and none is taken any more: no reason to interrupt the traffic.
                return 0;
            }
            int[] held = {0};
            paused("poolClosing", () -> held[0] = heldBuffers(pool));
            return held[0];
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void poolRemoved(MbufPool pool) {}

    /** Offloads that the application requested for receive. */
    protected final Set<RxOffload> requestedRx() {
        PortConfig current = config;
        return current == null ? Set.of() : current.rxOffloads();
    }

    /**
     * Runs a control method's action with the port's lock.
     *
     * @throws PortStateException on a closed port
     */
    protected final void locked(String operation, Runnable action) {
        lock.lock();
        try {
            checkOpen(operation);
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers a control method's question with the port's lock.
     *
     * @throws PortStateException on a closed port
     */
    protected final <T> T lockedAnswer(String operation, Supplier<T> answer) {
        lock.lock();
        try {
            checkOpen(operation);
            return answer.get();
        } finally {
            lock.unlock();
        }
    }

    /** Throws {@link PortStateException} on a closed port. */
    protected final void checkOpen(String operation) {
        if (state == PortState.CLOSED) {
            throw wrongState(operation, "open it again");
        }
    }

    private PortStateException wrongState(String operation, String nextStep) {
        return new PortStateException(operation, name, state, nextStep);
    }

    @Override
    public final String toString() {
        return name;
    }
}
