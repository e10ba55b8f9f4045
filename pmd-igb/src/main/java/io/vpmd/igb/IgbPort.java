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
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A port of the 82576 family on any bus. */
final class IgbPort extends AbstractPort {
    private static final Logger LOG = System.getLogger(IgbPort.class.getName());
    /* RLPML holds 14 bits; Ethernet header, VLAN tag and frame check sequence come on top. */
    private static final int MAX_MTU = 9216;
    private static final int FRAME_OVERHEAD = 18;
    private static final int BAR_BYTES = 0x20000;
    private static final int LONGEST_BUFFER_KB = 16;
    private static final int RX_STOP_MICROS = 200;
    /* What the bus answers for a device that is gone. */
    private static final int ALL_ONES = -1;

    /* How late a change of the link is seen at most without interrupts. */
    static final long WATCH_MILLIS = 50;
    /* How late it is seen at most that the device was pulled out. */
    private static final long ALIVE_MILLIS = 250;
    private static final Set<RxOffload> RX_OFFLOADS =
            EnumSet.of(
                    RxOffload.IPV4_CHECKSUM,
                    RxOffload.L4_CHECKSUM,
                    RxOffload.SCTP_CHECKSUM,
                    RxOffload.SCATTER,
                    RxOffload.VLAN_STRIP,
                    RxOffload.RSS_HASH);
    private static final Set<TxOffload> TX_OFFLOADS =
            EnumSet.of(
                    TxOffload.IPV4_CHECKSUM,
                    TxOffload.TCP_CHECKSUM,
                    TxOffload.UDP_CHECKSUM,
                    TxOffload.SCTP_CHECKSUM,
                    TxOffload.TCP_TSO,
                    TxOffload.MULTI_SEGMENT,
                    TxOffload.VLAN_INSERT);

    private final PortInfo info;
    private final Bus bus;
    private final Registers regs;
    private final DmaPools pools;
    private final IgbReset reset;
    private final IgbInterrupts interrupts;
    private final IgbLink link;
    private final IgbFilters filters;
    private final IgbCounters counters;
    private final DeviceWatch watch;
    private final ExitGuard guard;
    private final List<IgbRxQueue> rxQueues = new ArrayList<>();
    private final List<IgbTxQueue> txQueues = new ArrayList<>();
    private long polledNanos = System.nanoTime();
    private Link shown = Link.DOWN;
    private volatile boolean gone;

    private IgbPort(PortSpec spec, Bus bus, Registers regs, IgbChip chip, MacAddress mac) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.bus = bus;
        this.regs = regs;
        interrupts = new IgbInterrupts(bus, regs, chip, name());
        info =
                PortInfo.of(IgbDriver.NAME, spec.device(), MAX_MTU)
                        .withQueues(chip.queues, chip.queues)
                        .withBehaviour(false, interrupts.working(), false)
                        .withOffloads(RX_OFFLOADS, TX_OFFLOADS);
        pools = new DmaPools(bus);
        reset = new IgbReset(regs);
        link = new IgbLink(regs, name());
        filters = new IgbFilters(regs, chip);
        counters = new IgbCounters(regs);
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
        if (model.media() != IgbChip.Media.COPPER) {
            throw new PortException(
                    "open",
                    name,
                    "its link is " + model.media() + ", and only copper is driven so far",
                    "leave it to the kernel's driver");
        }
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
        IgbNvm nvm = new IgbNvm(regs, name);
        if (!spec.option("nvm", "").equals(IgbDriver.NVM_UNCHECKED)) {
            nvm.check();
        }
        MacAddress mac = spec.macOption("mac").orElseGet(nvm::mac);
        reset.init(model.chip());
        IgbPort port = new IgbPort(spec, bus, regs, model.chip(), mac);
        port.filters.setMac(mac);
        port.filters.setMtu(PortInfo.DEFAULT_MTU);
        port.link.setUp();
        port.counters.reset();
        port.watch.start();
        return port;
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
        checkRoom("configure", config, mtu());
    }

    /** The device takes buffers in units of 1024 bytes, 8.10.2. */
    private void checkRoom(String operation, PortConfig config, int mtu) {
        int room = bufferKilobytes(config.rxPool()) * 1024;
        boolean scatter = config.rxOffloads().contains(RxOffload.SCATTER);
        if (room == 0 || (!scatter && mtu + FRAME_OVERHEAD > room)) {
            throw new PortException(
                    operation,
                    name(),
                    "a buffer of pool "
                            + config.rxPool().name()
                            + " has room for "
                            + config.rxPool().dataRoom()
                            + " bytes, of which the device uses "
                            + room
                            + ", and MTU "
                            + mtu
                            + " needs "
                            + (mtu + FRAME_OVERHEAD),
                    "make the data room a multiple of 1024 bytes, large enough or with SCATTER");
        }
    }

    private static int bufferKilobytes(MbufPool pool) {
        return Math.min(LONGEST_BUFFER_KB, pool.dataRoom() / 1024);
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

    /** The order of 4.5.9 and 4.5.10: queues, then the unit, then the tails. */
    @Override
    protected void onStart() {
        PortConfig config = config();
        try {
            bus.config().setBusMaster(true);
            if (interrupts.working()) {
                interrupts.start(config.rxQueues());
            }
            filters.apply(config);
            filters.setPromiscuous(promiscuous(), allmulticast());
            // Collision threshold and back-off of half duplex, 8.12.1.
            regs.write(TCTL, TCTL_EN | TCTL_PSP | 0xf << TCTL_CT_SHIFT | 0x40 << TCTL_BST_SHIFT);
            txQueues.forEach(IgbTxQueue::start);
            // With more than one queue a full one must not hold up the others.
            boolean drop = rxQueues.size() > 1;
            rxQueues.forEach(q -> q.start(bufferKilobytes(config.rxPool()), drop));
            regs.change(RCTL, 0, RCTL_EN);
            rxQueues.forEach(IgbRxQueue::open);
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
            if (regs.read(STATUS) != ALL_ONES) {
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
        filters.setMac(address);
    }

    @Override
    protected void onMtu(int bytes) {
        if (state() != PortState.OPEN) {
            checkRoom("setMtu", config(), bytes);
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
            post(new PortEvent.LinkChanged(now));
        }
        long nanos = System.nanoTime();
        if (nanos - polledNanos > IgbCounters.LONGEST_PAUSE_MILLIS * 1_000_000) {
            polledNanos = nanos;
            counters.poll();
        }
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
    protected void addXstats(Map<String, Long> to) {
        counters.poll();
        counters.addTo(to);
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
