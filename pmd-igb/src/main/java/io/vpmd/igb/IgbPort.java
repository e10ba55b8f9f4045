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
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A port of the 82576 family on any bus. */
final class IgbPort extends AbstractPort {
    private static final Logger LOG = System.getLogger(IgbPort.class.getName());
    private static final int FRAME_OVERHEAD = IgbCapabilities.FRAME_OVERHEAD;
    private static final int BAR_BYTES = 0x20000;
    private static final int RX_STOP_MICROS = 200;
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /* What the bus answers for a device that is gone. */
    private static final int ALL_ONES = -1;

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
    private final IgbInterrupts interrupts;
    private final IgbLink link;
    private final IgbFilters filters;
    private final IgbCounters counters;
    private final IgbFeatures features;
    private final IgbTxWatch txWatch;
    private final DeviceWatch watch;
    private final ExitGuard guard;
    /* The watch looks at them too. */
    private final List<IgbRxQueue> rxQueues = new CopyOnWriteArrayList<>();
    private final List<IgbTxQueue> txQueues = new CopyOnWriteArrayList<>();
    private long polledNanos = System.nanoTime();
    private Link shown = Link.DOWN;
    private volatile boolean gone;
    private volatile boolean recovering;
    private final AtomicLong hangs = new AtomicLong();

    private IgbPort(
            PortSpec spec,
            Bus bus,
            Registers regs,
            IgbChip.Model model,
            IgbNvm nvm,
            MacAddress mac) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.bus = bus;
        this.regs = regs;
        this.chip = model.chip();
        interrupts = new IgbInterrupts(bus, regs, chip, name());
        info =
                IgbCapabilities.info(spec.device(), chip)
                        .withBehaviour(false, interrupts.working(), false);
        pools = new DmaPools(bus);
        reset = new IgbReset(regs);
        link = new IgbLink(regs, name(), model);
        filters = new IgbFilters(regs, chip);
        counters = new IgbCounters(regs, chip);
        txWatch = new IgbTxWatch(regs);
        features = new IgbFeatures(this, regs, bus, model, nvm, link, counters);
        long period = interrupts.working() ? ALIVE_MILLIS : WATCH_MILLIS;
        watch = new DeviceWatch(name(), period, this::look);
        interrupts.handledFds().forEach(fd -> watch.add(fd, interrupts::handle));
        if (bus.requestFd() >= 0) {
            watch.add(bus.requestFd(), () -> lose("the kernel wants the device back"));
        }
        guard = new ExitGuard(name(), this::stop, this::silence);
    }

    /** Takes over the bus, which is closed when this fails. */
    static IgbPort open(PortSpec spec, Bus bus) {
        try {
            return opened(spec, bus);
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    private static IgbPort opened(PortSpec spec, Bus bus) {
        String name = spec.driver() + ":" + spec.device();
        IgbChip.Model model = model(name, bus);
        Mmio bar = bus.bar(0);
        if (bar.size() < BAR_BYTES) {
            throw new PortException(
                    "open",
                    name,
                    "its register space has " + bar.size() + " bytes, less than " + BAR_BYTES,
                    "let the firmware assign BAR 0 anew (reboot, or remove and rescan the device)");
        }
        Registers regs = new Registers(bar, name);
        IgbReset reset = new IgbReset(regs);
        reset.reset("open");
        IgbNvm nvm = new IgbNvm(regs, name, model.deviceId());
        if (!spec.option("nvm", "").equals(IgbDriver.NVM_UNCHECKED)) {
            nvm.check();
        }
        MacAddress mac = spec.macOption("mac").orElseGet(nvm::mac);
        IgbPort port = new IgbPort(spec, bus, regs, model, nvm, mac);
        port.bringUp();
        port.counters.reset();
        port.watch.start();
        return port;
    }

    /** From the reset to a device with all its settings that does not move packets yet. */
    private void bringUp() {
        reset.init(chip);
        features.apply();
        filters.setMtu(mtu());
        filters.setPromiscuous(promiscuous(), allmulticast());
        link.setUp();
    }

    private static IgbChip.Model model(String name, Bus bus) {
        int vendor = bus.config().vendorId();
        int device = bus.config().deviceId();
        return IgbChip.model(vendor, device)
                .orElseThrow(
                        () ->
                                new PortException(
                                        "open",
                                        name,
                                        String.format(
                                                Locale.ROOT,
                                                "device %04x:%04x is none of the 82576 family",
                                                vendor,
                                                device),
                                        "name a device that is"));
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        rxQueues.clear();
        txQueues.clear();
        IgbCapabilities.checkRoom("configure", name(), config, mtu());
        features.configure(config);
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        IgbRxInterrupt interrupt =
                interrupts.working() ? interrupts.of(index, config.rxQueues()) : null;
        IgbRxQueue queue =
                new IgbRxQueue(
                        index, id(), bus, regs, pools.map(config.rxPool()), config, interrupt);
        rxQueues.add(queue);
        return queue;
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        IgbTxQueue queue = new IgbTxQueue(index, bus, regs, pools, config);
        queue.setMaxFrame(mtu() + FRAME_OVERHEAD);
        txQueues.add(queue);
        return queue;
    }

    @Override
    protected void onStart() {
        run();
    }

    /** The order of 4.5.9 and 4.5.10: queues, then the unit, then the tails. */
    private void run() {
        PortConfig config = config();
        txWatch.forget();
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
            List<IgbTxQueue> tx = txQueues.stream().filter(AbstractPort::takesPart).toList();
            List<IgbRxQueue> rx = rxQueues.stream().filter(AbstractPort::takesPart).toList();
            tx.forEach(IgbTxQueue::start);
            rx.forEach(this::startRx);
            regs.change(RCTL, 0, RCTL_EN);
            rx.forEach(IgbRxQueue::open);
        } catch (RuntimeException e) {
            halt(e);
            throw e;
        }
    }

    /** With more than one queue a full one must not hold up the others, but for pause frames. */
    private void startRx(IgbRxQueue queue) {
        boolean drop = rxQueues.size() > 1 && !features.flowControl().dropsNothing();
        queue.start(IgbCapabilities.bufferKilobytes(config().rxPool()), drop);
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
            rxQueues.forEach(IgbRxQueue::disable);
            txQueues.forEach(IgbTxQueue::disable);
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
        rxQueues.forEach(IgbRxQueue::empty);
        txQueues.forEach(IgbTxQueue::empty);
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
            if (regs.read(STATUS) != ALL_ONES) {
                link.shutDown();
                reset.shutDown();
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
        txQueues.forEach(queue -> queue.setMaxFrame(bytes + FRAME_OVERHEAD));
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

    /** Now and then: has the link changed, is the device there, do counters fill up? */
    private void look() {
        if (gone) {
            return;
        }
        if (regs.read(STATUS) == ALL_ONES) {
            lose("its registers read as all ones");
            return;
        }
        Link now = link.state();
        if (!now.equals(shown)) {
            shown = now;
            // The partner may want other pause frames than the last one.
            later(features.flowControl()::apply);
            post(new PortEvent.LinkChanged(now));
        }
        long nanos = System.nanoTime();
        if (nanos - polledNanos > POLL_NANOS) {
            polledNanos = nanos;
            counters.poll();
            later(features.clock()::look);
            watchTransmit(now);
        }
    }

    private void later(Runnable action) {
        onControlThread(
                () -> {
                    if (!gone && state() != PortState.CLOSED) {
                        control("look", action);
                    }
                });
    }

    private void watchTransmit(Link now) {
        if (state() != PortState.STARTED || recovering) {
            return;
        }
        int queue = txWatch.hanging(txQueues.size(), now.up());
        if (queue >= 0) {
            recovering = true;
            onControlThread(() -> recover(queue));
        }
    }

    /** A reset is what gets a transmitter going that hangs; what it held is lost. */
    private void recover(int queue) {
        try {
            offline("recover", () -> {});
            hangs.incrementAndGet();
            post(new PortEvent.TransmitHang(queue));
        } finally {
            recovering = false;
        }
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
                        bringUp();
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

    IgbInterrupts interrupts() {
        return interrupts;
    }

    boolean moves(Queue queue) {
        return state() == PortState.STARTED && takesPart(queue);
    }

    void setRxQueue(String operation, int index, boolean on) {
        IgbRxQueue queue = (IgbRxQueue) rxQueue(index);
        if (needsChange(operation, queue, on)) {
            pausedQueue(
                    operation,
                    queue,
                    on,
                    () -> {
                        if (on) {
                            startRx(queue);
                            queue.open();
                        } else {
                            queue.disable();
                            queue.empty();
                        }
                    });
        }
    }

    void setTxQueue(String operation, int index, boolean on) {
        IgbTxQueue queue = (IgbTxQueue) txQueue(index);
        if (needsChange(operation, queue, on)) {
            pausedQueue(
                    operation,
                    queue,
                    on,
                    () -> {
                        if (on) {
                            queue.start();
                        } else {
                            queue.disable();
                            queue.empty();
                        }
                    });
        }
    }

    private boolean needsChange(String operation, Queue queue, boolean on) {
        if (state() != PortState.STARTED) {
            throw new PortException(
                    operation,
                    name(),
                    "it is " + state() + ", not STARTED",
                    "start the port first");
        }
        return takesPart(queue) != on;
    }

    /** The device is being taken away, or was. On the watch's thread, whose last act this is. */
    private void lose(String reason) {
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
        to.put("tx_hangs", hangs.get());
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return rxQueues.stream().mapToInt(queue -> queue.heldBuffers(pool)).sum()
                + txQueues.stream().mapToInt(queue -> queue.heldBuffers(pool)).sum();
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
