// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

import java.util.Arrays;

/**
 * The rate schedulers of transmit queues, 8.2.3.10.13 on: RTTBCNRC is the one of the queue that
 * RTTDQSEL chooses. The factor in it is how many times longer than on the wire a packet of the
 * queue takes before the next one is fetched.
 */
final class IxgbeModelRates {
    private static final int QUEUE = 0x7f;
    private static final int ENABLE = 1 << 31;
    /* 14 bits before the point and 14 behind it. */
    private static final int FACTOR = 0x0fff_ffff;
    private static final double FACTOR_ONE = 1 << 14;
    /* Check sequence, preamble and the gap between frames. */
    private static final int OVERHEAD_BYTES = 24;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final int[] rates = new int[IxgbeModelChip.QUEUES];
    private final long[] nextNanos = new long[IxgbeModelChip.QUEUES];

    IxgbeModelRates(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        regs.writable(RTTDQSEL, QUEUE)
                .onWrite(RTTBCNRC, (_, _, written) -> rates[queue()] = written)
                .onRead(RTTBCNRC, (_, _) -> rates[queue()]);
    }

    private int queue() {
        return regs.get(RTTDQSEL);
    }

    /** Whether a queue may fetch its next packet. */
    boolean may(int queue, long now) {
        return (rates[queue] & ENABLE) == 0 || now - nextNanos[queue] >= 0;
    }

    /** A packet of a queue was fetched, or a segment of one. */
    void fetched(int queue, int bytes) {
        if ((rates[queue] & ENABLE) != 0) {
            long now = model.clock().nanos();
            long from = now - nextNanos[queue] >= 0 ? now : nextNanos[queue];
            double factor = (rates[queue] & FACTOR) / FACTOR_ONE;
            double wire = (bytes + OVERHEAD_BYTES) * model.link().byteNanos();
            nextNanos[queue] = from + (long) (wire * factor);
        }
    }

    /** Nanoseconds until a queue may go on, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        long least = otherwise;
        for (int q = 0; q < rates.length; q++) {
            if (!may(q, now)) {
                least = Math.clamp(nextNanos[q] - now, 1, least);
            }
        }
        return least;
    }

    void reset() {
        Arrays.fill(rates, 0);
    }

    /** What a queue's scheduler holds, 0 for full speed. */
    int rate(int queue) {
        return rates[queue];
    }
}
