// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;

import java.util.concurrent.TimeUnit;

/** Notices a transmit queue whose head does not move although there is something to send. */
final class IgbTxWatch {
    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(2);
    /* The link partner has stopped the transmitter with a pause frame. */
    private static final int STATUS_TXOFF = 1 << 4;

    private final Registers regs;
    private final int[] heads = new int[TDH.count()];
    private final long[] movedNanos = new long[TDH.count()];

    IgbTxWatch(Registers regs) {
        this.regs = regs;
        forget();
    }

    /** Begins anew, for example after a start. */
    synchronized void forget() {
        for (int q = 0; q < heads.length; q++) {
            heads[q] = -1;
        }
    }

    /**
     * Looks at the first {@code queues} queues.
     *
     * @param linkUp without a link nothing is sent, and that is no hang
     * @return a queue that hangs, or -1
     */
    synchronized int hanging(int queues, boolean linkUp) {
        long now = System.nanoTime();
        boolean mayStand = !linkUp || (regs.read(STATUS) & STATUS_TXOFF) != 0;
        for (int q = 0; q < queues; q++) {
            int head = regs.read(TDH, q);
            boolean empty = head == regs.read(TDT, q);
            if (mayStand || empty || head != heads[q]) {
                heads[q] = head;
                movedNanos[q] = now;
            } else if (now - movedNanos[q] > HANG_NANOS) {
                return q;
            }
        }
        return -1;
    }
}
