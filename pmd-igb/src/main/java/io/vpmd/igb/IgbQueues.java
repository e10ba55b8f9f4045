// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.feature.QueueControl;

/** Single queues of the port, through RXDCTL.ENABLE and TXDCTL.ENABLE. */
final class IgbQueues implements QueueControl {
    private final IgbPort port;

    IgbQueues(IgbPort port) {
        this.port = port;
    }

    @Override
    public void stopRxQueue(int index) {
        port.control("stopRxQueue", () -> port.setRxQueue("stopRxQueue", index, false));
    }

    @Override
    public void startRxQueue(int index) {
        port.control("startRxQueue", () -> port.setRxQueue("startRxQueue", index, true));
    }

    @Override
    public void stopTxQueue(int index) {
        port.control("stopTxQueue", () -> port.setTxQueue("stopTxQueue", index, false));
    }

    @Override
    public void startTxQueue(int index) {
        port.control("startTxQueue", () -> port.setTxQueue("startTxQueue", index, true));
    }

    @Override
    public boolean rxQueueStarted(int index) {
        return port.moves(port.rxQueue(index));
    }

    @Override
    public boolean txQueueStarted(int index) {
        return port.moves(port.txQueue(index));
    }
}
