// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.AbstractPort;
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
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.feature.Led;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.DeviceWatch;
import io.vpmd.spi.hw.DmaPools;
import io.vpmd.spi.hw.ExitGuard;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A port of the 82576 family on any bus. */
final class IgbPort extends AbstractPort {
    private static final Logger LOG = System.getLogger(IgbPort.class.getName());
    private static final int FRAME_OVERHEAD = IgbCapabilities.FRAME_OVERHEAD;
    private static final int RX_STOP_MICROS = 200;
    /* How late a change of the link is seen at most without interrupts. */
    static final long WATCH_MILLIS = 50;
    /* How late it is seen at most that the device was pulled out. */
    private static final long ALIVE_MILLIS = 250;
    private final IgbChip chip;
    private final PortInfo info;
    private final Bus bus;
    private final Registers regs;
    private final DmaPools pools;
    private final IgbReset reset;
    private final IgbPll pll;
    private final IgbInterrupts interrupts;
    private final IgbLink link;
    private final IgbFilters filters;
    private final IgbCounters counters;
    private final IgbFeatures features;
    private final DeviceWatch watch;
    private final ExitGuard guard;
    private final IgbQueues queues;
    private final IgbLookout lookout;
    private volatile boolean gone;

    IgbPort(PortSpec spec, Bus bus, IgbDevice device, MacAddress mac) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.bus = bus;
        this.regs = device.regs();
        this.chip = device.model().chip();
        interrupts = new IgbInterrupts(bus, regs, chip, name());
        info =
                IgbCapabilities.info(spec.device(), chip)
                        .withBehaviour(false, interrupts.working(), false);
        pools = new DmaPools(bus);
        reset = device.reset();
        pll = device.pll();
        link = device.link();
        filters = new IgbFilters(regs, chip);
        counters = new IgbCounters(regs, chip);
        queues = new IgbQueues(this);
        features = new IgbFeatures(this, device, bus, counters, queues);
        lookout = new IgbLookout(this, regs, link, counters, features, queues);
        long period = interrupts.working() ? ALIVE_MILLIS : WATCH_MILLIS;
        watch = new DeviceWatch(name(), period, lookout::look);
        interrupts.handledFds().forEach(fd -> watch.add(fd, interrupts::handle));
        if (bus.requestFd() >= 0) {
            watch.add(bus.requestFd(), () -> lose("the kernel wants the device back"));
        }
        guard = new ExitGuard(name(), this::stop, this::silence);
    }

    /** After the reset that a device is opened with. */
    void begin() {
        bringUp("open");
        counters.reset();
        watch.start();
    }

    /** From the reset to a device with all its settings that does not move packets yet. */
    private void bringUp(String operation) {
        pll.lock(operation);
        reset.init();
        features.apply();
        filters.setMtu(mtu());
        filters.setPromiscuous(promiscuous(), allmulticast());
        link.setUp();
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        queues.clear();
        IgbCapabilities.checkRoom("configure", name(), config, mtu());
        features.configure(config);
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        RxInterrupt interrupt =
                interrupts.working() ? interrupts.of(index, config.rxQueues()) : null;
        IgbRxQueue queue =
                new IgbRxQueue(
                        index, id(), bus, regs, pools.map(config.rxPool()), config, interrupt);
        queues.add(queue);
        return queue;
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        IgbTxQueue queue = new IgbTxQueue(index, bus, regs, pools, config);
        queue.setMaxFrame(mtu() + FRAME_OVERHEAD);
        queues.add(queue);
        return queue;
    }

    @Override
    protected void onStart() {
        run();
    }

    /** The order of 4.5.9 and 4.5.10: queues, then the unit, then the tails. */
    private void run() {
        PortConfig config = config();
        lookout.forget();
        try {
            bus.config().setBusMaster(true);
            if (interrupts.working()) {
                interrupts.start(config.rxQueues());
            }
            filters.apply(config);
            filters.setPromiscuous(promiscuous(), allmulticast());
            features.applyConfigured();
            // Collision threshold and back-off of half duplex, 8.12.1.
            regs.write(TCTL, TCTL_EN | TCTL_PSP | 0xf << TCTL_CT_SHIFT | 0x40 << TCTL_BST_SHIFT);
            queues.start();
            regs.change(RCTL, 0, RCTL_EN);
            queues.open();
        } catch (RuntimeException e) {
            halt(e);
            throw e;
        }
    }

    @Override
    protected void onStop() {
        RuntimeException failed = halt(null);
        if (failed != null) {
            throw failed;
        }
    }

    /** Ends all DMA and frees all buffers. */
    private @Nullable RuntimeException halt(@Nullable RuntimeException earlier) {
        RuntimeException failed = earlier;
        interrupts.stop();
        regs.change(RCTL, RCTL_EN, 0);
        regs.read(STATUS);
        Registers.delayMicros(RX_STOP_MICROS);
        try {
            queues.disable();
            regs.change(TCTL, TCTL_EN, 0);
        } catch (DeviceException e) {
            failed = e;
        }
        try {
            // Whatever the queues do, nothing reaches memory from here on.
            bus.config().setBusMaster(false);
        } catch (BusException e) {
            failed = e;
        }
        queues.empty();
        return failed;
    }

    /** At the end of the JVM, whatever state the port is in. */
    private void silence() {
        if (!gone) {
            interrupts.stop();
            bus.config().setBusMaster(false);
        }
    }

    @Override
    protected void onClose() {
        watch.close();
        guard.close();
        try {
            leave();
        } finally {
            interrupts.close();
        }
    }

    /** Leaves the device reset, if it is still there, and gives it back. Idempotent. */
    private void leave() {
        try {
            counters.close();
            if (regs.read(STATUS) != IgbLookout.ALL_ONES) {
                try {
                    reset.shutDown();
                } finally {
                    // After the reset, which powers it up again.
                    link.shutDown();
                }
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
    protected void onMac(MacAddress address) {
        features.addresses().setOwn(address);
    }

    @Override
    protected void onMtu(int bytes) {
        if (state() != PortState.OPEN) {
            IgbCapabilities.checkRoom("setMtu", name(), config(), bytes);
        }
        filters.setMtu(bytes);
        queues.setMaxFrame(bytes + FRAME_OVERHEAD);
    }

    @Override
    protected void onPromiscuous(boolean on) {
        filters.setPromiscuous(on, allmulticast());
    }

    @Override
    protected void onAllmulticast(boolean on) {
        filters.setPromiscuous(promiscuous(), on);
    }

    @Override
    public Link link() {
        checkOpen("link");
        return state() == PortState.STARTED ? link.state() : Link.DOWN;
    }

    /** Runs an action of the device on the control thread, unless it has gone by then. */
    void later(Runnable action) {
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
    void offline(String operation, Runnable work) {
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
                        counters.poll();
                        reset.reset(operation);
                        work.run();
                    } finally {
                        reset.reset(operation);
                        bringUp(operation);
                        if (moving) {
                            run();
                        }
                    }
                });
    }

    /** Runs a feature's action with the port's lock. */
    void control(String operation, Runnable action) {
        locked(operation, action);
    }

    /** Asks a feature for something with the port's lock. */
    <T> T query(String operation, Supplier<T> answer) {
        return lockedAnswer(operation, answer);
    }

    IgbInterrupts interrupts() {
        return interrupts;
    }

    /** What listeners are told. */
    void tell(PortEvent event) {
        post(event);
    }

    /** Runs something on the control thread that takes the port's lock itself. */
    void onControl(Runnable action) {
        onControlThread(action);
    }

    /** Whether the device is gone or given back. */
    boolean gone() {
        return gone;
    }

    boolean started() {
        return state() == PortState.STARTED;
    }

    /** Whether a queue moves packets when the port is started. */
    static boolean has(Queue queue) {
        return takesPart(queue);
    }

    /** Changes one queue while the others move packets. */
    void changeQueue(String operation, Queue queue, boolean on, Runnable change) {
        pausedQueue(operation, queue, on, change);
    }

    /** The settings in effect; the port was configured. */
    PortConfig settings() {
        return config();
    }

    /** Whether a full queue drops packets rather than hold up the others. */
    boolean dropsWhenFull() {
        return !features.flowControl().dropsNothing();
    }

    /** The device is being taken away, or was. On the watch's thread, whose last act this is. */
    void lose(String reason) {
        gone = true;
        watch.close();
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
                            guard.close();
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
    public void resetStats() {
        super.resetStats();
        counters.reset();
    }

    @Override
    protected PortStats deviceStats() {
        return counters.losses();
    }

    @Override
    public <F> Optional<F> feature(Class<F> type) {
        Optional<F> own = super.feature(type);
        boolean asked = type.getPackage().equals(Led.class.getPackage());
        return own.isPresent() || !asked ? own : features.find(type);
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        counters.poll();
        counters.addTo(to);
        to.put("tx_hangs", lookout.hangs());
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return queues.heldBuffers(pool);
    }

    @Override
    public boolean needsHugePages() {
        return bus.physicalAddresses();
    }

    @Override
    public void poolAdded(MbufPool pool) {
        pools.add(pool);
    }

    @Override
    public void poolRemoved(MbufPool pool) {
        pools.remove(pool);
    }
}
