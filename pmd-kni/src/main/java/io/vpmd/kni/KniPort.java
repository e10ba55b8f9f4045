// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.control.Claim;
import io.vpmd.kni.control.KernelControl;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.tap.TapDevice;
import io.vpmd.kni.tap.TapRxQueue;
import io.vpmd.kni.tap.TapSpeed;
import io.vpmd.kni.tap.TapTxQueue;
import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.KernelRequests;
import io.vpmd.spi.feature.LinkControl;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.ErrnoException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A port that faces the kernel through a TAP interface. */
final class KniPort extends AbstractPort implements KernelRequests, LinkControl {
    private static final int SPEED_MBPS = 10_000;
    private static final int L2_OVERHEAD = 18;
    private static final int MAX_SUPER_FRAME = 65535 + L2_OVERHEAD;
    private static final Set<RxOffload> RX_OFFLOADS =
            EnumSet.of(RxOffload.PARTIAL_CHECKSUM, RxOffload.TCP_LRO, RxOffload.SCATTER);
    private static final Set<TxOffload> TX_OFFLOADS =
            EnumSet.of(
                    TxOffload.IPV4_CHECKSUM,
                    TxOffload.TCP_CHECKSUM,
                    TxOffload.UDP_CHECKSUM,
                    TxOffload.TCP_TSO,
                    TxOffload.MULTI_SEGMENT);

    private final PortInfo info;
    private final TapDevice device;
    private final Claim claim;
    private final KernelControl control;
    private final List<TapRxQueue> rxQueues = new ArrayList<>();
    private volatile Link link = Link.DOWN;

    /* What every TAP interface shows when it is new. */
    private Link shownUp = Link.up(SPEED_MBPS);

    private KniPort(PortSpec spec, TapSetup.Opened opened) {
        super(spec, opened.state().mac(), opened.state().mtu());
        this.device = opened.device();
        this.claim = opened.claim();
        int queues = spec.intOption("queues", 1, 1, TapSetup.MAX_QUEUES);
        this.info =
                PortInfo.of(spec.driver(), spec.device(), TapDevice.MAX_MTU)
                        .withQueues(queues, queues)
                        .withOffloads(RX_OFFLOADS, TX_OFFLOADS)
                        .withBehaviour(true, true, false);
        this.control =
                new KernelControl(
                        name(),
                        new TapPlace(device),
                        new Side(),
                        this::onControlThread,
                        KniDriver.REQUESTS_APP.equals(spec.option("requests", "")));
    }

    static KniPort open(PortSpec spec) {
        TapSetup.Opened opened = TapSetup.open(spec);
        KniPort port;
        try {
            port = new KniPort(spec, opened);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        try {
            port.publish();
            port.control.start();
            return port;
        } catch (RuntimeException e) {
            port.close();
            throw e;
        }
    }

    /** Tells other processes where the interface is, so that they can follow it too. */
    private void publish() {
        claim.publish("/proc/" + ProcessHandle.current().pid() + "/fd/" + control.namespaceFd());
    }

    /** What the kernel's changes mean to this port. */
    private final class Side implements KernelControl.Side {
        @Override
        public void acceptMtu(int bytes) {
            setMtu(bytes);
        }

        @Override
        public void acceptMac(MacAddress mac) {
            setMac(mac);
        }

        @Override
        public void moved(long namespaceInode, int ifindex) {
            claim.follow(namespaceInode, ifindex);
            publish();
        }

        @Override
        public void gone() {
            KniPort.this.gone();
        }
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        rxQueues.clear();
        onDevice(
                "configure",
                () -> {
                    setQueues(config.rxQueues());
                    device.setOffload(
                            config.rxOffloads().contains(RxOffload.PARTIAL_CHECKSUM),
                            config.rxOffloads().contains(RxOffload.TCP_LRO));
                });
    }

    /** More queues are opened by name, so in the namespace where the interface is now. */
    private void setQueues(int count) {
        try (NetNamespace namespace = new TapPlace(device).namespace()) {
            namespace.call(
                    () -> {
                        device.setQueues(count);
                        return count;
                    });
        }
    }

    private void onDevice(String operation, Runnable action) {
        try {
            action.run();
        } catch (ErrnoException e) {
            throw TapSetup.failure(operation, name(), e);
        }
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        int maxFrame = maxFrame(mtu(), config.rxOffloads());
        TapRxQueue queue = new TapRxQueue(index, device.fd(index), id(), config.rxPool(), maxFrame);
        rxQueues.add(queue);
        return queue;
    }

    private static int maxFrame(int mtu, Set<RxOffload> requested) {
        return requested.contains(RxOffload.TCP_LRO) ? MAX_SUPER_FRAME : mtu + L2_OVERHEAD;
    }

    @Override
    protected void onMtu(int bytes) {
        control.applyMtu(bytes);
        rxQueues.forEach(queue -> queue.setMaxFrame(maxFrame(bytes, requestedRx())));
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        int fd = device.fd(index % config.rxQueues());
        return new TapTxQueue(index, fd, config.txOffloads(), this::gone);
    }

    private void gone() {
        // On a burst thread, which must not wait for the port's lock.
        onControlThread(() -> removed("the kernel's interface was deleted"));
    }

    @Override
    protected void onStart() {
        show("start", Link.up(SPEED_MBPS));
    }

    private void show(String operation, Link shown) {
        onDevice(
                operation,
                () -> {
                    if (shown.up() && !shown.equals(shownUp)) {
                        showSpeed(shown);
                        shownUp = shown;
                    }
                    device.setCarrier(shown.up());
                });
        link = shown;
    }

    private void showSpeed(Link shown) {
        try (NetNamespace namespace = new TapPlace(device).namespace()) {
            namespace.call(
                    () -> {
                        TapSpeed.set(device.name(), shown);
                        return shown;
                    });
        }
    }

    @Override
    public boolean updateLink(Link shown) {
        checkOpen("updateLink");
        Link before = link;
        show("updateLink", shown);
        if (!shown.equals(before)) {
            post(new PortEvent.LinkChanged(shown));
        }
        return before.up();
    }

    @Override
    public Link link() {
        checkOpen("link");
        return link;
    }

    @Override
    protected void onStop() {
        link = Link.DOWN;
        try {
            device.setCarrier(false);
        } catch (ErrnoException _) {
            // It was deleted meanwhile, so there is nobody to show it to.
        }
        rxQueues.forEach(TapRxQueue::drain);
    }

    @Override
    protected void onMac(MacAddress address) {
        control.applyMac(address);
    }

    @Override
    public String interfaceName() {
        checkOpen("interfaceName");
        return control.currentState().name();
    }

    @Override
    public int interfaceIndex() {
        checkOpen("interfaceIndex");
        return control.currentState().ifindex();
    }

    /** The interface as the kernel has it at this moment. */
    LinkState kernelState() {
        checkOpen("kernelState");
        return control.refreshedState();
    }

    /** The namespace where it is. */
    long namespaceInode() {
        return control.namespaceInode();
    }

    @Override
    public void registerHandlers(KernelHandlers handlers) {
        checkOpen("registerHandlers");
        control.registerHandlers(handlers);
    }

    @Override
    public void unregisterHandlers() {
        control.unregisterHandlers();
    }

    @Override
    public int handleRequests() {
        checkOpen("handleRequests");
        return control.handleRequests();
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        control.addXstats(to);
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        int held = 0;
        for (TapRxQueue queue : rxQueues) {
            held += queue.heldBuffers(pool);
        }
        return held;
    }

    @Override
    protected void onClose() {
        control.close();
        device.close();
        claim.close();
    }
}
