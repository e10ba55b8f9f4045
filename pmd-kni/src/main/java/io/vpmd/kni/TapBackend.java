// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.tap.TapDevice;
import io.vpmd.kni.tap.TapRxQueue;
import io.vpmd.kni.tap.TapSpeed;
import io.vpmd.kni.tap.TapTxQueue;
import io.vpmd.spi.Link;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.ErrnoException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A TAP interface, which every Linux has; a system call for a packet or for a few. */
final class TapBackend implements Backend {
    private final TapDevice device;
    private final TapPlace place;
    private final List<TapRxQueue> rxQueues = new ArrayList<>();

    /* What every TAP interface shows when it is new. */
    private Link shownUp = Link.up(KniPort.SPEED_MBPS);

    TapBackend(TapDevice device) {
        this.device = device;
        this.place = new TapPlace(device);
    }

    void setPersistent(boolean on) {
        device.setPersistent(on);
    }

    @Override
    public PortInfo describe(PortInfo info) {
        return info.withBehaviour(true, true, false);
    }

    @Override
    public @Nullable Place find() {
        return place.find();
    }

    @Override
    public NetNamespace namespace() {
        return place.namespace();
    }

    @Override
    public void configure(PortConfig config) {
        rxQueues.clear();
        setQueues(config.rxQueues());
        device.setOffload(
                config.rxOffloads().contains(RxOffload.PARTIAL_CHECKSUM),
                config.rxOffloads().contains(RxOffload.TCP_LRO));
    }

    /** More queues are opened by name, so in the namespace where the interface is now. */
    private void setQueues(int count) {
        try (NetNamespace namespace = namespace()) {
            namespace.call(
                    () -> {
                        device.setQueues(count);
                        return count;
                    });
        }
    }

    @Override
    public RxQueue newRxQueue(int index, int portId, PortConfig config, int maxFrame) {
        int fd = device.fd(index);
        TapRxQueue queue = new TapRxQueue(index, fd, portId, config.rxPool(), maxFrame);
        rxQueues.add(queue);
        return queue;
    }

    @Override
    public TxQueue newTxQueue(int index, PortConfig config, Runnable onGone) {
        int fd = device.fd(index % config.rxQueues());
        return new TapTxQueue(index, fd, config.txOffloads(), onGone);
    }

    @Override
    public void setMaxFrame(int bytes) {
        rxQueues.forEach(queue -> queue.setMaxFrame(bytes));
    }

    @Override
    public void start() {}

    @Override
    public void show(Link link) {
        if (link.up() && !link.equals(shownUp)) {
            showSpeed(link);
            shownUp = link;
        }
        device.setCarrier(link.up());
    }

    private void showSpeed(Link link) {
        try (NetNamespace namespace = namespace()) {
            namespace.call(
                    () -> {
                        TapSpeed.set(device.name(), link);
                        return link;
                    });
        }
    }

    @Override
    public void stop() {
        try {
            device.setCarrier(false);
        } catch (ErrnoException _) {
            // It was deleted meanwhile, so there is nobody to show it to.
        }
        rxQueues.forEach(TapRxQueue::drain);
    }

    @Override
    public int heldBuffers(MbufPool pool) {
        int held = 0;
        for (TapRxQueue queue : rxQueues) {
            held += queue.heldBuffers(pool);
        }
        return held;
    }

    @Override
    public void poolAdded(MbufPool pool) {}

    @Override
    public void poolRemoved(MbufPool pool) {}

    @Override
    public void close() {
        device.close();
    }
}
