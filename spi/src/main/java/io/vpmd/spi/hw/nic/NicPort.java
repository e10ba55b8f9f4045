// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortBusyException;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.PortState;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.Queue;
import io.vpmd.spi.feature.Led;
import io.vpmd.spi.feature.QueueControl;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.DmaPools;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.hw.ring.RxRing;
import io.vpmd.spi.hw.ring.TxRing;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A port whose device is a network interface controller on a {@link Bus}. */
public abstract class NicPort extends NicActions {
    /** Milliseconds after which a change of the link is seen at most without interrupts. */
    public static final long WATCH_MILLIS = 50;

    private static final Logger LOG = System.getLogger(NicPort.class.getName());

    private final PortInfo info;
    private final Bus bus;
    private final DmaPools pools;
    private final Parts parts;
    private final NicInterrupts interrupts;
    /* Made when the driver has made the whole port. */
    private @Nullable NicCare care;
    private volatile boolean gone;

    /** What the port looks after, made by the driver before it. */
    public record Parts(
            NicLink link, NicInterrupts interrupts, NicCounters counters, TxWatch transmitters) {}

    /**
     * A port of a device that was reset; {@link #begin} is to follow.
     *
     * @param bus closed by the port from now on, unless this throws
     */
    protected NicPort(PortSpec spec, MacAddress mac, PortInfo info, Bus bus, Parts parts) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.bus = bus;
        this.parts = parts;
        interrupts = parts.interrupts();
        interrupts.connect(spec.driver() + ":" + spec.device());
        this.info = info.withBehaviour(false, interrupts.working(), false);
        pools = new DmaPools(bus);
    }

    /**
     * After the reset that a device is opened with.
     *
     * @throws DeviceException when it does not come up; the bus is closed then
     */
    public final void begin() {
        try {
            up("open");
            parts.counters().reset();
        } catch (RuntimeException e) {
            bus.close();
            interrupts.close();
            throw e;
        }
        NicCare begun = new NicCare(this, bus, parts);
        care = begun;
        begun.startLooking();
    }

    private NicCare care() {
        return Objects.requireNonNull(care, "the port has not begun");
    }

    private NicQueues queues() {
        return care().queues();
    }

    private void up(String operation) {
        bringUp(operation);
        writeMtu(mtu());
        writePromiscuous(promiscuous(), allmulticast());
    }

    @Override
    public final PortInfo info() {
        return info;
    }

    @Override
    protected final void onConfigure(PortConfig config) {
        queues().clear();
        BufferRoom.check("configure", name(), config, mtu());
        configured(config);
    }

    /** The pools that the device knows. */
    protected final DmaPools pools() {
        return pools;
    }

    /** The interrupt of a receive queue, null where none works. */
    protected final @Nullable RxInterrupt interrupt(int index, PortConfig config) {
        return interrupts.working() ? interrupts.of(index, config.rxQueues()) : null;
    }

    /** Takes a new queue in. */
    protected final RxRing added(RxRing queue) {
        queues().add(queue);
        return queue;
    }

    /** Takes a new queue in. */
    protected final TxRing added(TxRing queue) {
        queue.setMaxFrame(mtu() + BufferRoom.FRAME_OVERHEAD);
        queues().add(queue);
        return queue;
    }

    @Override
    protected final void onStart() {
        run();
    }

    /** Queues, then the unit, then the tails. */
    private void run() {
        PortConfig config = config();
        care().lookout().forget();
        try {
            bus.config().setBusMaster(true);
            if (interrupts.working()) {
                interrupts.start(config.rxQueues());
            }
            prepare(config);
            writePromiscuous(promiscuous(), allmulticast());
            queues().start();
            openReceiver();
            queues().open();
        } catch (RuntimeException e) {
            halt(e);
            throw e;
        }
    }

    @Override
    protected final void onStop() {
        RuntimeException failed = halt(null);
        if (failed != null) {
            throw failed;
        }
    }

    /** Ends all DMA and frees all buffers. */
    private @Nullable RuntimeException halt(@Nullable RuntimeException earlier) {
        RuntimeException failed = earlier;
        interrupts.stop();
        try {
            closeReceiver();
            queues().disable();
            closeTransmitter();
        } catch (DeviceException e) {
            failed = e;
        }
        try {
            // Whatever the queues do, nothing reaches memory from here on.
            bus.config().setBusMaster(false);
        } catch (BusException e) {
            failed = e;
        }
        queues().empty();
        return failed;
    }

    /** At the end of the JVM, whatever state the port is in. */
    final void silence() {
        if (!gone) {
            interrupts.stop();
            bus.config().setBusMaster(false);
        }
    }

    @Override
    protected final void onClose() {
        care().close();
        try {
            leave();
        } finally {
            interrupts.close();
        }
    }

    /** Leaves the device reset, if it is still there, and gives it back. Idempotent. */
    private void leave() {
        try {
            parts.counters().close();
            if (present()) {
                shutDown();
            }
        } finally {
            try {
                pools.close();
            } finally {
                bus.close();
            }
        }
    }

    @Override
    protected final void onMtu(int bytes) {
        if (state() != PortState.OPEN) {
            BufferRoom.check("setMtu", name(), config(), bytes);
        }
        writeMtu(bytes);
        queues().setMaxFrame(bytes + BufferRoom.FRAME_OVERHEAD);
    }

    @Override
    protected final void onPromiscuous(boolean on) {
        writePromiscuous(on, allmulticast());
    }

    @Override
    protected final void onAllmulticast(boolean on) {
        writePromiscuous(promiscuous(), on);
    }

    @Override
    public final Link link() {
        checkOpen("link");
        return state() == PortState.STARTED ? parts.link().state() : Link.DOWN;
    }

    /** Runs an action of the device on the control thread, unless it has gone by then. */
    public final void later(Runnable action) {
        onControlThread(
                () -> {
                    if (!gone && state() != PortState.CLOSED) {
                        control("look", action);
                    }
                });
    }

    /**
     * Runs {@code work} on a device that was reset and moves nothing, and lets it go on with all
     * settings.
     */
    final void offline(String operation, Runnable work) {
        paused(
                operation,
                () -> {
                    if (gone) {
                        throw new DeviceException(
                                operation, name(), "the device is gone", "close the port");
                    }
                    boolean moving = state() == PortState.STARTED;
                    if (moving) {
                        halt(null);
                    }
                    try {
                        parts.counters().poll();
                        resetDevice(operation);
                        work.run();
                    } finally {
                        resetDevice(operation);
                        up(operation);
                        if (moving) {
                            run();
                        }
                    }
                });
    }

    /** Runs a feature's action with the port's lock. */
    public final void control(String operation, Runnable action) {
        locked(operation, action);
    }

    /** Asks a feature for something with the port's lock. */
    public final <T> T query(String operation, Supplier<T> answer) {
        return lockedAnswer(operation, answer);
    }

    final NicInterrupts interrupts() {
        return interrupts;
    }

    /** What listeners are told. */
    final void tell(PortEvent event) {
        post(event);
    }

    /** Runs something on the control thread that takes the port's lock itself. */
    final void onControl(Runnable action) {
        onControlThread(action);
    }

    /** Whether the device is gone or given back. */
    final boolean gone() {
        return gone;
    }

    final boolean started() {
        return state() == PortState.STARTED;
    }

    /** Whether a queue moves packets when the port is started. */
    static boolean has(Queue queue) {
        return takesPart(queue);
    }

    /** Changes one queue while the others move packets. */
    final void changeQueue(String operation, Queue queue, boolean on, Runnable change) {
        pausedQueue(operation, queue, on, change);
    }

    /** The settings in effect; the port was configured. */
    final PortConfig settings() {
        return config();
    }

    /** The device is being taken away, or was. On the watch's thread, whose last act this is. */
    final void lose(String reason) {
        gone = true;
        care().stopLooking();
        // Not here: the port's lock may be held by who waits for this thread to end. Nor on the
        // control thread, where a listener may block.
        Thread.ofPlatform().daemon().name("vpmd-removal-" + name()).start(() -> lost(reason));
    }

    /** Frees all buffers and gives the device back: an unbind waits for that. */
    private void lost(String reason) {
        try {
            paused(
                    "remove",
                    () -> {
                        if (state() != PortState.CLOSED) {
                            halt(null);
                            removed(reason);
                            care().stopGuarding();
                            leave();
                        }
                    });
        } catch (PortBusyException e) {
            // Who still uses the rings keeps them; the device goes when the port is closed.
            removed(reason);
        } catch (PortException e) {
            LOG.log(Level.WARNING, name() + " was removed: " + e.getMessage());
        }
    }

    @Override
    public final void resetStats() {
        super.resetStats();
        parts.counters().reset();
    }

    @Override
    protected final PortStats deviceStats() {
        return parts.counters().losses();
    }

    @Override
    public final <F> Optional<F> feature(Class<F> type) {
        Optional<F> own = super.feature(type);
        if (own.isPresent() || !type.getPackage().equals(Led.class.getPackage())) {
            return own;
        }
        return type == QueueControl.class
                ? Optional.of(type.cast(queues()))
                : features().stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    @Override
    protected final void addXstats(Map<String, Long> to) {
        parts.counters().poll();
        parts.counters().addTo(to);
        to.put("tx_hangs", care().lookout().hangs());
    }

    @Override
    protected final int heldBuffers(MbufPool pool) {
        return queues().heldBuffers(pool);
    }

    @Override
    public final boolean needsHugePages() {
        return bus.physicalAddresses();
    }

    @Override
    public final void poolAdded(MbufPool pool) {
        pools.add(pool);
    }

    @Override
    public final void poolRemoved(MbufPool pool) {
        pools.remove(pool);
    }
}
