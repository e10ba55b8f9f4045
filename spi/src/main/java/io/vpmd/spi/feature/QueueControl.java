// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

/**
 * Single queues of a started port. A stopped queue keeps no buffer, receives nothing and consumes
 * what it is given, as on a stopped port; a start of the port starts all queues. Methods throw
 * {@link io.vpmd.spi.PortException}, also on a port that is not started.
 */
public interface QueueControl {
    /** Stops a receive queue; packets that nobody took are freed. */
    void stopRxQueue(int index);

    /** Starts a receive queue that was stopped. */
    void startRxQueue(int index);

    /** Stops a transmit queue, after the packets that it holds were sent. */
    void stopTxQueue(int index);

    /** Starts a transmit queue that was stopped. */
    void startTxQueue(int index);

    boolean rxQueueStarted(int index);

    boolean txQueueStarted(int index);
}
