// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.control.Claim;
import io.vpmd.kni.control.KernelControl;
import io.vpmd.kni.kmod.KmodException;
import io.vpmd.kni.netlink.LinkState;
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

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A port that faces the kernel through an interface, whichever back-end moves its packets. */
final class KniPort extends AbstractPort implements KernelRequests, LinkControl {
    static final int SPEED_MBPS = 10_000;
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
    private final Backend backend;
    private final Claim claim;
    private final KernelControl control;
    private volatile Link link = Link.DOWN;

    private KniPort(PortSpec spec, KniSetup.Opened opened) {
        super(spec, opened.state().mac(), opened.state().mtu());
        this.backend = opened.backend();
        this.claim = opened.claim();
        int queues = spec.intOption("queues", 1, 1, KniSetup.MAX_QUEUES);
        this.info =
                backend.describe(
                        PortInfo.of(spec.driver(), spec.device(), KniSetup.MAX_MTU)
                                .withQueues(queues, queues)
                                .withOffloads(RX_OFFLOADS, TX_OFFLOADS));
        this.control =
                new KernelControl(
                        name(),
                        backend,
                        new Side(),
                        this::onControlThread,
                        KniDriver.REQUESTS_APP.equals(spec.option("requests", "")));
    }

    static KniPort open(PortSpec spec) {
        KniSetup.Opened opened = KniSetup.open(spec);
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
        onDevice("configure", () -> backend.configure(config));
    }

    private void onDevice(String operation, Runnable action) {
        try {
            action.run();
        } catch (ErrnoException e) {
            throw KniSetup.failure(operation, name(), e);
        } catch (KmodException e) {
            throw KniSetup.failure(operation, name(), e);
        }
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        int maxFrame = maxFrame(mtu(), config.rxOffloads());
        return backend.newRxQueue(index, id(), config, maxFrame);
    }

    private static int maxFrame(int mtu, Set<RxOffload> requested) {
        return requested.contains(RxOffload.TCP_LRO) ? MAX_SUPER_FRAME : mtu + L2_OVERHEAD;
    }

    @Override
    protected void onMtu(int bytes) {
        control.applyMtu(bytes);
        backend.setMaxFrame(maxFrame(bytes, requestedRx()));
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        return backend.newTxQueue(index, config, this::gone);
    }

    private void gone() {
        // On a burst thread, which must not wait for the port's lock.
        onControlThread(() -> removed("the kernel's interface was deleted"));
    }

    @Override
    protected void onStart() {
        backend.start();
        show("start", Link.up(SPEED_MBPS));
    }

    private void show(String operation, Link shown) {
        onDevice(operation, () -> backend.show(shown));
        link = shown;
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
        backend.stop();
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
        return backend.heldBuffers(pool);
    }

    @Override
    public void poolAdded(MbufPool pool) {
        backend.poolAdded(pool);
    }

    @Override
    public void poolRemoved(MbufPool pool) {
        backend.poolRemoved(pool);
    }

    @Override
    protected void onClose() {
        control.close();
        backend.close();
        claim.close();
    }
}
