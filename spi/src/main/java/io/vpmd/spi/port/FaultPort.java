// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A port on a bad wire. */
final class FaultPort extends DecoratorPort {
    private final Faults faults;
    private final List<FaultRxQueue> rxQueues = new ArrayList<>();
    private final List<FaultTxQueue> txQueues = new ArrayList<>();
    private final Map<String, Long> earlier = new LinkedHashMap<>();

    FaultPort(PortSpec spec, Port inner) {
        super(spec, inner);
        faults = Faults.of(spec);
        listen();
    }

    @Override
    protected void onConfigure(PortConfig config) {
        rxQueues.forEach(queue -> queue.dice().addTo(earlier));
        txQueues.forEach(queue -> queue.dice().addTo(earlier));
        rxQueues.clear();
        txQueues.clear();
        super.onConfigure(config);
    }

    @Override
    protected RxQueue decorate(RxQueue queue, PortConfig config) {
        FaultDice dice = new FaultDice(faults, 2 * queue.index());
        FaultRxQueue decorated = new FaultRxQueue(queue, id(), faults, dice, config.rxPool());
        rxQueues.add(decorated);
        return decorated;
    }

    @Override
    protected TxQueue decorate(TxQueue queue, PortConfig config) {
        FaultDice dice = new FaultDice(faults, 2 * queue.index() + 1);
        FaultTxQueue decorated = new FaultTxQueue(queue, faults, dice, config.rxPool());
        txQueues.add(decorated);
        return decorated;
    }

    @Override
    protected void onStop() {
        rxQueues.forEach(FaultRxQueue::stop);
        super.onStop();
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return rxQueues.stream().mapToInt(queue -> queue.held(pool)).sum();
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        Map<String, Long> sums = new LinkedHashMap<>(earlier);
        rxQueues.forEach(queue -> queue.dice().addTo(sums));
        txQueues.forEach(queue -> queue.dice().addTo(sums));
        to.putAll(sums);
        super.addXstats(to);
    }
}
