// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Adds the transmit offloads that the port inside lacks, in software. */
final class SoftPort extends DecoratorPort {
    private static final Set<TxOffload> ADDED =
            Set.of(
                    TxOffload.TCP_TSO,
                    TxOffload.TCP_CHECKSUM,
                    TxOffload.UDP_CHECKSUM,
                    TxOffload.IPV4_CHECKSUM,
                    TxOffload.MULTI_SEGMENT);

    /** The limit is that of the port inside, which counts what exceeds it. */
    private static final int ANY_MTU = 1 << 20;

    private final PortInfo info;
    private final List<SoftTxQueue> txQueues = new ArrayList<>();

    SoftPort(PortSpec spec, Port inner) {
        super(spec, inner);
        Set<TxOffload> all = EnumSet.copyOf(ADDED);
        all.addAll(inner.info().txOffloads());
        info = super.info().withOffloads(inner.info().rxOffloads(), all);
        listen();
    }

    @Override
    public PortInfo info() {
        return info;
    }

    @Override
    protected PortConfig innerConfig(PortConfig config) {
        Set<TxOffload> offered = inner().info().txOffloads();
        Set<TxOffload> asked = EnumSet.noneOf(TxOffload.class);
        asked.addAll(config.txOffloads());
        // Segments that are longer than a buffer are chains.
        asked.add(TxOffload.MULTI_SEGMENT);
        asked.retainAll(offered);
        return config.withOffloads(config.rxOffloads(), asked);
    }

    @Override
    protected void onConfigure(PortConfig config) {
        txQueues.clear();
        super.onConfigure(config);
    }

    @Override
    protected RxQueue decorate(RxQueue queue, PortConfig config) {
        return new DecoratorRxQueue(queue, id()) {
            @Override
            int receive(Mbuf[] into, int at, int max) {
                return inner().rxBurst(into, at, max);
            }
        };
    }

    @Override
    protected TxQueue decorate(TxQueue queue, PortConfig config) {
        Set<TxOffload> offered = inner().info().txOffloads();
        boolean chains = offered.contains(TxOffload.MULTI_SEGMENT);
        int todo = chains && offered.contains(TxOffload.TCP_TSO) ? 0 : MbufFlags.TX_TSO;
        todo |= offered.contains(TxOffload.IPV4_CHECKSUM) ? 0 : MbufFlags.TX_IP_CKSUM;
        // The two are one field of two bits: what lacks one of them completes both here.
        boolean both =
                offered.contains(TxOffload.TCP_CHECKSUM)
                        && offered.contains(TxOffload.UDP_CHECKSUM);
        todo |= both ? 0 : MbufFlags.TX_TCP_CKSUM | MbufFlags.TX_UDP_CKSUM;
        SoftTxQueue soft =
                new SoftTxQueue(
                        queue, new FrameCheck(config, ANY_MTU), todo, !chains, config.rxPool());
        txQueues.add(soft);
        return soft;
    }

    @Override
    protected void onStop() {
        txQueues.forEach(SoftTxQueue::stop);
        super.onStop();
    }

    @Override
    protected int heldBuffers(MbufPool pool) {
        return txQueues.stream().mapToInt(queue -> queue.held(pool)).sum();
    }
}
