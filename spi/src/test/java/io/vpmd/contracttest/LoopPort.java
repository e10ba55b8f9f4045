// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contracttest;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.feature.LinkControl;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.sys.EventFd;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/** A loopback port with a filter for addresses and one defect, or none. */
final class LoopPort extends AbstractPort implements LinkControl {
    private static final int QUEUES = 2;

    final Defect defect;
    private final String driver;
    private final List<ArrayBlockingQueue<Mbuf>> rings =
            List.of(new ArrayBlockingQueue<>(256), new ArrayBlockingQueue<>(256));
    private final EventFd[] arrivals = {new EventFd(), new EventFd()};
    private volatile Link shown = Link.up(10_000);
    volatile boolean filterOff;
    volatile long address;
    volatile int maxFrame;

    LoopPort(PortSpec spec, Defect defect) {
        super(spec, MacAddress.random(), 1500);
        this.driver = spec.driver();
        this.defect = defect;
        address = mac().value();
        maxFrame = 1500 + 14;
    }

    @Override
    public PortInfo info() {
        return PortInfo.of(driver, name().substring(driver.length() + 1), 9000)
                .withQueues(QUEUES, QUEUES)
                .withBehaviour(false, true, true);
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        return new LoopRxQueue(this, index, rings.get(index), arrivals[index]);
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        return new LoopTxQueue(this, index, config, rings.get(index), arrivals[index]);
    }

    @Override
    protected void onStart() {
        if (defect == Defect.FORGETS_PROMISCUOUS) {
            filterOff = false;
        }
        if (defect == Defect.FORGETS_THE_MTU) {
            maxFrame = 1500 + 14;
        }
    }

    @Override
    protected void onStop() {
        if (defect != Defect.STOP_KEEPS_PACKETS && defect != Defect.IGNORES_THE_GATE_TO_RECEIVE) {
            freeAll();
        }
    }

    private void freeAll() {
        for (ArrayBlockingQueue<Mbuf> ring : rings) {
            for (Mbuf m = ring.poll(); m != null; m = ring.poll()) {
                m.free();
            }
        }
    }

    @Override
    protected void onClose() {
        freeAll();
        arrivals[0].close();
        if (defect != Defect.KEEPS_A_DESCRIPTOR) {
            arrivals[1].close();
        }
    }

    @Override
    protected void onMac(MacAddress mac) {
        address = mac.value();
    }

    @Override
    protected void onMtu(int bytes) {
        maxFrame = bytes + 14;
    }

    @Override
    protected void onPromiscuous(boolean on) {
        filterOff = on;
    }

    @Override
    public boolean updateLink(Link link) {
        checkOpen("updateLink");
        boolean was = shown.up();
        if (defect != Defect.FORGETS_THE_LINK) {
            shown = link;
        }
        post(new PortEvent.LinkChanged(link));
        return was;
    }

    @Override
    public Link link() {
        return super.link().up() ? shown : Link.DOWN;
    }

    /** Posts an event. */
    void event() {
        post(new PortEvent.LinkChanged(shown));
    }

    /** Loses the device. */
    void unplug() {
        removed("unplugged");
    }

    /** Whether the filter takes a frame. */
    boolean takes(Mbuf m) {
        long to = ((long) m.u16At(0) << 32) | (m.intAt(2) & 0xffff_ffffL);
        return filterOff || to == address || (to & 0x0100_0000_0000L) != 0;
    }
}
