// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Notices a transmit queue whose head does not move although there is something to send. */
public final class TxWatch {
    private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Registers regs;
    private final Register head;
    private final Register tail;
    private final BooleanSupplier paused;
    private final int[] heads;
    private final long[] movedNanos;

    /**
     * Looks at nothing yet.
     *
     * @param paused whether the link partner has stopped the transmitter with a pause frame
     */
    public TxWatch(Registers regs, Register head, Register tail, BooleanSupplier paused) {
        this.regs = regs;
        this.head = head;
        this.tail = tail;
        this.paused = paused;
        heads = new int[head.count()];
        movedNanos = new long[head.count()];
        forget();
    }

    /** Begins anew, for example after a start. */
    public synchronized void forget() {
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
    public synchronized int hanging(int queues, boolean linkUp) {
        long now = System.nanoTime();
        boolean mayStand = !linkUp || paused.getAsBoolean();
        for (int q = 0; q < queues; q++) {
            int at = regs.read(head, q);
            boolean empty = at == regs.read(tail, q);
            if (mayStand || empty || at != heads[q]) {
                heads[q] = at;
                movedNanos[q] = now;
            } else if (now - movedNanos[q] > HANG_NANOS) {
                return q;
            }
        }
        return -1;
    }
}
