// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.net.InetAddress;
import java.util.Map;

/**
 * Single flows whose packets go to a queue of their own, whatever {@link Rss} says. They survive
 * stop and start; one whose queue a later configure does not have is removed. Methods throw {@link
 * io.vpmd.spi.PortException}. Any thread.
 */
public interface FlowFilters {
    /** The transport of a flow. */
    enum Transport {
        TCP,
        UDP,
        SCTP
    }

    /**
     * What the packets of a flow have in common.
     *
     * @param source address, of the same family as {@code destination}
     * @param sourcePort 0 to 65535
     * @param destinationPort 0 to 65535
     */
    record Flow(
            Transport transport,
            InetAddress source,
            int sourcePort,
            InetAddress destination,
            int destinationPort) {}

    /** How many flows there can be. */
    int maxFlows();

    /** The flows with their queues. */
    Map<Flow, Integer> flows();

    /**
     * Sends a flow to a receive queue from the next packet on.
     *
     * @throws io.vpmd.spi.PortException also when the device cannot tell such packets apart, for
     *     example those of IPv6, or when there is no such queue or no room
     */
    void addFlow(Flow flow, int queue);

    /** Lets a flow go where others go; nothing when it is not there. */
    void removeFlow(Flow flow);
}
