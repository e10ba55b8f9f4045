// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.kmod.KmodDevice;
import io.vpmd.kni.kmod.KmodException;
import io.vpmd.kni.kmod.KmodMemory;
import io.vpmd.kni.kmod.KmodQueues;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.spi.Link;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Errno;

import org.jspecify.annotations.Nullable;

/** An interface of kni.ko: rings shared with the kernel, no system call for a packet. */
final class KmodBackend implements Backend {
    private final String name;
    private final KmodDevice device;
    private final KmodMemory memory;
    private final KmodQueues queues;

    KmodBackend(String name, KmodDevice device) {
        this.name = name;
        this.device = device;
        this.memory = new KmodMemory(device);
        this.queues = new KmodQueues(device, memory);
    }

    @Override
    public PortInfo describe(PortInfo info) {
        return info.withBehaviour(false, true, false).withTxSegments(KmodDevice.MAX_SEGMENTS);
    }

    @Override
    public @Nullable Place find() {
        try {
            return Place.of(namespace(), device::name);
        } catch (KmodException e) {
            if (e.errno() == Errno.ENODEV) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public NetNamespace namespace() {
        return NetNamespace.ofDescriptor(device.openNamespace());
    }

    @Override
    public void configure(PortConfig config) {
        queues.clear();
        device.setQueues(config.rxQueues());
        device.setOffload(
                config.rxOffloads().contains(RxOffload.PARTIAL_CHECKSUM),
                config.rxOffloads().contains(RxOffload.TCP_LRO));
    }

    @Override
    public RxQueue newRxQueue(int index, int portId, PortConfig config, int maxFrame) {
        return queues.rx(index, portId, config);
    }

    @Override
    public TxQueue newTxQueue(int index, PortConfig config, Runnable onGone) {
        return queues.tx(index, config);
    }

    /** The kernel takes as many buffers as a frame needs. */
    @Override
    public void setMaxFrame(int bytes) {}

    @Override
    public void start() {
        queues.start();
    }

    @Override
    public void show(Link link) {
        device.setLink(link);
    }

    @Override
    public void stop() {
        try {
            device.setLink(Link.DOWN);
        } catch (KmodException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
        }
        queues.stop();
    }

    @Override
    public int heldBuffers(MbufPool pool) {
        return queues.heldBuffers(pool);
    }

    @Override
    public void poolAdded(MbufPool pool) {
        try {
            memory.add(pool);
        } catch (KmodException e) {
            throw new PortException(
                    "open",
                    name,
                    "pool " + pool.name() + ": " + e.reason(),
                    "raise the limit of locked memory (ulimit -l) or make the pool smaller",
                    e);
        }
    }

    @Override
    public void poolRemoved(MbufPool pool) {
        memory.remove(pool);
    }

    @Override
    public void close() {
        device.close();
    }
}
