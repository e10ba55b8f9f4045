// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.Set;

/**
 * What a port is and can do. Capabilities are data: an application reads them, the contract kit
 * selects its cases by them.
 *
 * @param driver name of the driver
 * @param device the device part of the spec
 * @param maxRxQueues receive queues that configure accepts
 * @param maxTxQueues transmit queues that configure accepts
 * @param minMtu smallest MTU in bytes
 * @param maxMtu largest MTU in bytes
 * @param rxOffloads what can be requested for receive
 * @param txOffloads what can be requested for transmit
 * @param copies whether {@code txBurst} copies packets and frees them before it returns
 * @param signals whether {@code RxQueue.arm()} can make a descriptor ready on arrival; where not, a
 *     waiter sleeps in steps
 * @param maxTxSegments buffers that a packet to be sent can consist of, with MULTI_SEGMENT
 * @param loopback whether what is sent on transmit queue i arrives on receive queue i
 */
public record PortInfo(
        String driver,
        String device,
        int maxRxQueues,
        int maxTxQueues,
        int minMtu,
        int maxMtu,
        Set<RxOffload> rxOffloads,
        Set<TxOffload> txOffloads,
        boolean copies,
        boolean signals,
        int maxTxSegments,
        boolean loopback) {

    /** MTU of Ethernet without jumbo frames. */
    public static final int DEFAULT_MTU = 1500;

    /** Smallest MTU that IPv4 allows. */
    public static final int MIN_MTU = 68;

    /** Segments of a packet that every port takes which has no limit of its own. */
    public static final int MAX_SEGMENTS = 255;

    public PortInfo {
        rxOffloads = Set.copyOf(rxOffloads);
        txOffloads = Set.copyOf(txOffloads);
    }

    /** One queue pair, MTU 68 to {@code maxMtu}, no offloads; refine it with the methods below. */
    public static PortInfo of(String driver, String device, int maxMtu) {
        return new PortInfo(
                driver,
                device,
                1,
                1,
                MIN_MTU,
                maxMtu,
                Set.of(),
                Set.of(),
                false,
                false,
                MAX_SEGMENTS,
                false);
    }

    public PortInfo withQueues(int maxRx, int maxTx) {
        return new PortInfo(
                driver,
                device,
                maxRx,
                maxTx,
                minMtu,
                maxMtu,
                rxOffloads,
                txOffloads,
                copies,
                signals,
                maxTxSegments,
                loopback);
    }

    public PortInfo withOffloads(Set<RxOffload> rx, Set<TxOffload> tx) {
        return new PortInfo(
                driver,
                device,
                maxRxQueues,
                maxTxQueues,
                minMtu,
                maxMtu,
                rx,
                tx,
                copies,
                signals,
                maxTxSegments,
                loopback);
    }

    public PortInfo withBehaviour(boolean nowCopies, boolean nowSignals, boolean nowLoopback) {
        return new PortInfo(
                driver,
                device,
                maxRxQueues,
                maxTxQueues,
                minMtu,
                maxMtu,
                rxOffloads,
                txOffloads,
                nowCopies,
                nowSignals,
                maxTxSegments,
                nowLoopback);
    }

    public PortInfo withTxSegments(int max) {
        return new PortInfo(
                driver,
                device,
                maxRxQueues,
                maxTxQueues,
                minMtu,
                maxMtu,
                rxOffloads,
                txOffloads,
                copies,
                signals,
                max,
                loopback);
    }
}
