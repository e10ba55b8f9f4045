// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.mbuf.MbufPool;

import java.util.Set;

/**
 * What an application wants of a port; immutable.
 *
 * @param rxPool where receive queues take their buffers from
 * @param rxQueues number of receive queues
 * @param txQueues number of transmit queues
 * @param rxRingSize receive descriptors of a queue, where the port has such; a power of two
 * @param txRingSize transmit descriptors of a queue
 * @param rxOffloads requested, a subset of what {@link PortInfo} offers
 * @param txOffloads requested, a subset of what {@link PortInfo} offers
 */
public record PortConfig(
        MbufPool rxPool,
        int rxQueues,
        int txQueues,
        int rxRingSize,
        int txRingSize,
        Set<RxOffload> rxOffloads,
        Set<TxOffload> txOffloads) {

    public static final int DEFAULT_RING_SIZE = 1024;

    public PortConfig {
        rxOffloads = Set.copyOf(rxOffloads);
        txOffloads = Set.copyOf(txOffloads);
    }

    /** One queue pair, rings of {@value #DEFAULT_RING_SIZE}, no offloads. */
    public static PortConfig of(MbufPool rxPool) {
        return new PortConfig(
                rxPool, 1, 1, DEFAULT_RING_SIZE, DEFAULT_RING_SIZE, Set.of(), Set.of());
    }

    public PortConfig withQueues(int rx, int tx) {
        return new PortConfig(rxPool, rx, tx, rxRingSize, txRingSize, rxOffloads, txOffloads);
    }

    public PortConfig withRings(int rx, int tx) {
        return new PortConfig(rxPool, rxQueues, txQueues, rx, tx, rxOffloads, txOffloads);
    }

    public PortConfig withOffloads(Set<RxOffload> rx, Set<TxOffload> tx) {
        return new PortConfig(rxPool, rxQueues, txQueues, rxRingSize, txRingSize, rx, tx);
    }
}
