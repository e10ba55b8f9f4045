// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.tap.TapDevice;
import io.vpmd.kni.tap.TapRxQueue;
import io.vpmd.kni.tap.TapTxQueue;
import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.ErrnoException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A port that faces the kernel through a TAP interface. */
final class KniPort extends AbstractPort {
    private static final int MAX_QUEUES = 16;
    private static final int L2_OVERHEAD = 18;
    private static final int MAX_SUPER_FRAME = 65535 + L2_OVERHEAD;
    private static final Set<RxOffload> RX_OFFLOADS =
            EnumSet.of(RxOffload.PARTIAL_CHECKSUM, RxOffload.TCP_LRO, RxOffload.SCATTER);
    private static final Set<TxOffload> TX_OFFLOADS =
            EnumSet.of(
                    TxOffload.TCP_CHECKSUM,
                    TxOffload.UDP_CHECKSUM,
                    TxOffload.TCP_TSO,
                    TxOffload.MULTI_SEGMENT);

    private final PortInfo info;
    private final TapDevice device;
    private final List<TapRxQueue> rxQueues = new ArrayList<>();

    private KniPort(PortSpec spec, TapDevice device, int queues) {
        super(spec, device.mac(), PortInfo.DEFAULT_MTU);
        this.device = device;
        this.info =
                PortInfo.of(spec.driver(), spec.device(), TapDevice.MAX_MTU)
                        .withQueues(queues, queues)
                        .withOffloads(RX_OFFLOADS, TX_OFFLOADS)
                        .withBehaviour(true, true, false);
    }

    static KniPort open(PortSpec spec) {
        int queues = spec.intOption("queues", 1, 1, MAX_QUEUES);
        try {
            TapDevice device = new TapDevice(spec.device(), queues > 1, false);
            spec.macOption("mac").ifPresent(device::setMac);
            return new KniPort(spec, device, queues);
        } catch (ErrnoException e) {
            throw new PortException("open", spec.toString(), e.reason(), "check", e);
        }
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        rxQueues.clear();
        device.setQueues(config.rxQueues());
        device.setOffload(
                config.rxOffloads().contains(RxOffload.PARTIAL_CHECKSUM),
                config.rxOffloads().contains(RxOffload.TCP_LRO));
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        int maxFrame = maxFrame(mtu(), config.rxOffloads());
        TapRxQueue queue =
                new TapRxQueue(
                        index, device.fd(index), id(), config.rxPool(), maxFrame, this::gone);
        rxQueues.add(queue);
        return queue;
    }

    private static int maxFrame(int mtu, Set<RxOffload> requested) {
        return requested.contains(RxOffload.TCP_LRO) ? MAX_SUPER_FRAME : mtu + L2_OVERHEAD;
    }

    @Override
    protected void onMtu(int bytes) {
        rxQueues.forEach(queue -> queue.setMaxFrame(maxFrame(bytes, requestedRx())));
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        return new TapTxQueue(index, device.fd(index % config.rxQueues()), this::gone);
    }

    private void gone() {
        // On a burst thread, which must not wait for the port's lock.
        onControlThread(() -> removed("the kernel's interface was deleted"));
    }

    @Override
    protected void onStart() {
        device.setCarrier(true);
    }

    @Override
    protected void onStop() {
        device.setCarrier(false);
        rxQueues.forEach(TapRxQueue::drain);
    }

    @Override
    protected void onMac(MacAddress address) {
        device.setMac(address);
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
        device.close();
    }
}
