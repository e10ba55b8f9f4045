// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.Link;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.PortState;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A port whose transmit queue i is receive queue i of its peer, which is itself unless told
 * otherwise. No packet is copied.
 */
final class RingPort extends AbstractPort {
    /** MTU of the loopback interface's and TAP's upper end. */
    private static final int MAX_MTU = 65521;

    private final PortInfo info;
    private final RingLine sending;
    private final RingLine receiving;
    private final List<RingRxQueue> rxQueues = new ArrayList<>();
    private final List<RingTxQueue> txQueues = new ArrayList<>();

    RingPort(PortSpec spec, String peer, MacAddress mac) {
        super(spec, mac, PortInfo.DEFAULT_MTU);
        boolean loopback = peer.equals(spec.device());
        info =
                PortInfo.of(RingDriver.NAME, spec.device(), MAX_MTU)
                        .withQueues(RingLine.MAX_QUEUES, RingLine.MAX_QUEUES)
                        .withOffloads(Set.of(RxOffload.SCATTER), Set.of(TxOffload.MULTI_SEGMENT))
                        .withBehaviour(false, true, loopback);
        sending = RingLine.toSend(peer, this);
        receiving = RingLine.toReceive(spec.device());
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected void onConfigure(PortConfig config) {
        forgetQueues();
    }

    private void forgetQueues() {
        for (int i = 0; i < rxQueues.size(); i++) {
            receiving.setRing(i, null);
        }
        rxQueues.clear();
        txQueues.clear();
    }

    @Override
    protected RxQueue newRxQueue(int index, PortConfig config) {
        // In a loopback it is the transmit ring as well.
        int capacity = info.loopback() ? config.txRingSize() : config.rxRingSize();
        RingRxQueue queue = new RingRxQueue(this, index, capacity);
        rxQueues.add(queue);
        receiving.setRing(index, queue.ring());
        return queue;
    }

    @Override
    protected TxQueue newTxQueue(int index, PortConfig config) {
        FrameCheck check = new FrameCheck(config, mtu());
        RingTxQueue queue = new RingTxQueue(index, sending, check);
        txQueues.add(queue);
        return queue;
    }

    @Override
    protected void onStart() {
        rxQueues.forEach(queue -> queue.ring().open());
        receiving.setUp(true);
    }

    @Override
    protected void onStop() {
        receiving.setUp(false);
        rxQueues.forEach(RingRxQueue::stop);
    }

    @Override
    protected void onMtu(int bytes) {
        txQueues.forEach(queue -> queue.setMtu(bytes));
    }

    @Override
    protected void onClose() {
        forgetQueues();
        RingLine.leave(sending, receiving);
    }

    @Override
    public Link link() {
        Link own = super.link();
        return sending.up() ? own : Link.DOWN;
    }

    /** The port that receives what this one sends was started or stopped. */
    void peerChanged() {
        if (!info.loopback() && state() == PortState.STARTED) {
            post(new PortEvent.LinkChanged(link()));
        }
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return rxQueues.stream().mapToInt(queue -> queue.held(pool)).sum();
    }

    @Override
    protected void addXstats(Map<String, Long> to) {
        to.put("peer_up", sending.up() ? 1L : 0L);
    }
}
