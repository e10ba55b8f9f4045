// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A port with a remote host behind it. The answer to what is sent on queue i is received on queue
 * i, or where there are fewer receive queues, nowhere.
 */
final class EchoPort extends AbstractPort {
    private static final int MAX_MTU = 65521;
    private static final int MAX_QUEUES = 64;

    private final PortInfo info;
    private final EchoAddresses host;
    private final List<RingRxQueue> rxQueues = new ArrayList<>();
    private final List<EchoTxQueue> txQueues = new ArrayList<>();
    private final Map<String, Long> earlier = new LinkedHashMap<>();

    EchoPort(PortSpec spec, MacAddress mac, EchoAddresses host) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        this.host = host;
        info =
                PortInfo.of(EchoDriver.NAME, spec.device(), MAX_MTU)
                        .withQueues(MAX_QUEUES, MAX_QUEUES)
                        .withOffloads(
                                Set.of(RxOffload.SCATTER),
                                Set.of(
                                        TxOffload.IPV4_CHECKSUM,
                                        TxOffload.TCP_CHECKSUM,
                                        TxOffload.UDP_CHECKSUM,
                                        TxOffload.MULTI_SEGMENT))
                        .withBehaviour(false, true, false);
        new EchoCounters().addTo(earlier);
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        txQueues.forEach(queue -> queue.host().counters().addTo(earlier));
        rxQueues.clear();
        txQueues.clear();
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        RingRxQueue queue = new RingRxQueue(this, index, config.rxRingSize());
        rxQueues.add(queue);
        return queue;
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        MbufRing answers = index < rxQueues.size() ? rxQueues.get(index).ring() : null;
        FrameCheck check = new FrameCheck(config, mtu());
        EchoTxQueue queue = new EchoTxQueue(index, new EchoHost(host), answers, check);
        txQueues.add(queue);
        return queue;
    }

    @Override
    protected void onStop() {
        rxQueues.forEach(RingRxQueue::stop);
    }

    @Override
    protected void onMtu(int bytes) {
        txQueues.forEach(queue -> queue.setMtu(bytes));
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return rxQueues.stream().mapToInt(queue -> queue.held(pool)).sum();
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        Map<String, Long> sums = new LinkedHashMap<>(earlier);
        txQueues.forEach(queue -> queue.host().counters().addTo(sums));
        to.putAll(sums);
    }
}
