// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

import java.util.Arrays;

/**
 * The rate schedulers of transmit queues, 8.2.3.10.13 on: RTTBCNRC is the one of the queue that
 * RTTDQSEL chooses. They hold what is written; nothing is slowed down.
 */
final class IxgbeModelRates {
    private static final int QUEUE = 0x7f;

    private final RegisterFile regs;
    private final int[] rates = new int[IxgbeModelChip.QUEUES];

    IxgbeModelRates(IxgbeModel model) {
        regs = model.registers();
        regs.writable(RTTDQSEL, QUEUE)
                .onWrite(RTTBCNRC, (_, _, written) -> rates[queue()] = written)
                .onRead(RTTBCNRC, (_, _) -> rates[queue()]);
    }

    private int queue() {
        return regs.get(RTTDQSEL);
    }

    void reset() {
        Arrays.fill(rates, 0);
    }

    /** What a queue's scheduler holds, 0 for full speed. */
    int rate(int queue) {
        return rates[queue];
    }
}
