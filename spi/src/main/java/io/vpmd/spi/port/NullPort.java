// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A port with nothing behind it. */
final class NullPort extends AbstractPort {
    static final int MAX_MTU = 65521;

    private static final int MAX_QUEUES = 64;

    private final PortInfo info;
    private final int size;
    private final boolean copy;
    private final List<NullTxQueue> txQueues = new ArrayList<>();

    /**
     * @param size bytes of each received packet, 0 to receive none
     * @param copy whether to touch all bytes of packets
     */
    NullPort(PortSpec spec, MacAddress mac, int size, boolean copy) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.size = size;
        this.copy = copy;
        info =
                PortInfo.of(NullDriver.NAME, spec.device(), MAX_MTU)
                        .withQueues(MAX_QUEUES, MAX_QUEUES)
                        .withOffloads(Set.of(), Set.of(TxOffload.MULTI_SEGMENT))
                        .withBehaviour(true, false, false);
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        txQueues.clear();
        if (size > config.rxPool().dataRoom()) {
            throw new PortException(
                    "configure",
                    name(),
                    "a buffer of pool "
                            + config.rxPool().name()
                            + " holds "
                            + config.rxPool().dataRoom()
                            + " bytes, size is "
                            + size,
                    "use larger buffers or a smaller size");
        }
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        return new NullRxQueue(index, id(), config.rxPool(), size, copy);
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        NullTxQueue queue = new NullTxQueue(index, new FrameCheck(config, mtu()), copy);
        txQueues.add(queue);
        return queue;
    }

    @Override
    protected void onMtu(int bytes) {
        txQueues.forEach(queue -> queue.setMtu(bytes));
    }
}
