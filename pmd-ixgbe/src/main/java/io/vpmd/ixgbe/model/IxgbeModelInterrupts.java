// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.RegisterFile;

/**
 * Causes, masks, vectors and their moderation, 7.3. Queue causes go to the vectors that IVAR says,
 * of which 64 have bits in the registers whose names end in EX, the first 16 also in the others;
 * all other causes go to the vector of IVAR_MISC. Without GPIE.MSIX_MODE all is on vector 0.
 */
final class IxgbeModelInterrupts {
    private static final int VALID = 0x80;
    private static final int VECTOR = 0x3f;
    private static final int QUEUES = 0xffff;
    private static final int EITR_INTERVAL = 0xff8;
    /* The upper bits of what is left of an interval, in units of 8 us. */
    private static final int EITR_COUNTER = 0x0fe0_0000;
    private static final int EITR_COUNTER_SHIFT = 21;
    private static final long COUNTER_NANOS = 8_000;
    private static final int EITR_CNT_WDIS = 1 << 31;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final long[] lastNanos = new long[IxgbeModelChip.VECTORS];
    private long causes;
    private long mask;
    private int others;
    private int othersMask;
    private long waiting;
    private boolean othersWaiting;

    IxgbeModelInterrupts(IxgbeModel model) {
        this.model = model;
        this.regs = model.registers();
        regs.onRead(EICR, (_, _) -> readAndClear()).onWrite(EICR, (_, _, bits) -> clear(bits));
        regs.onRead(EICS, (_, _) -> cause()).onWrite(EICS, (_, _, bits) -> set(bits));
        regs.onRead(EIMS, (_, _) -> ((int) mask & QUEUES) | othersMask)
                .onWrite(EIMS, (_, _, bits) -> unmask(bits & QUEUES, bits & ~QUEUES));
        regs.onWrite(EIMC, (_, _, bits) -> mask(bits & QUEUES, bits & ~QUEUES));
        regs.onWrite(EITR, (i, _, written) -> moderate(i, written))
                .onRead(EITR, (i, stored) -> (stored & ~EITR_COUNTER) | counter(i));
        half(EICS_EX, (i, bits) -> set(wide(i, bits), 0), i -> (int) (causes >>> (32 * i)));
        half(EIMS_EX, (i, bits) -> unmask(wide(i, bits), 0), i -> (int) (mask >>> (32 * i)));
        half(EIMC_EX, (i, bits) -> mask(wide(i, bits), 0), _ -> 0);
    }

    private interface HalfWrite {
        int write(int index, int bits);
    }

    private interface HalfRead {
        int read(int index);
    }

    private void half(Register register, HalfWrite write, HalfRead read) {
        regs.onWrite(register, (i, _, bits) -> write.write(i, bits))
                .onRead(register, (i, _) -> read.read(i));
    }

    private static long wide(int half, int bits) {
        return (bits & 0xffff_ffffL) << (32 * half);
    }

    private int cause() {
        return ((int) causes & QUEUES) | others;
    }

    /** With OCD queue causes stay: they are cleared when their vector is signalled. */
    private int readAndClear() {
        int all = cause();
        if ((regs.get(GPIE) & GPIE_OCD) == 0) {
            causes &= ~QUEUES;
        }
        others = 0;
        int automatic = all & regs.get(EIAM);
        mask &= ~(automatic & QUEUES);
        othersMask &= ~automatic;
        return all;
    }

    private int clear(int bits) {
        causes &= ~(bits & QUEUES);
        others &= ~bits;
        return 0;
    }

    private int set(int bits) {
        return set(bits & QUEUES, bits & EICR_OTHER_CAUSES);
    }

    private int set(long vectors, int otherBits) {
        causes |= vectors;
        waiting |= vectors & mask;
        other(otherBits);
        return 0;
    }

    private int unmask(long vectors, int otherBits) {
        mask |= vectors;
        othersMask |= otherBits & EICR_OTHER_CAUSES;
        waiting |= vectors & causes;
        othersWaiting |= (others & otherBits) != 0;
        return 0;
    }

    private int mask(long vectors, int otherBits) {
        mask &= ~vectors;
        othersMask &= ~otherBits;
        return 0;
    }

    void reset() {
        causes = 0;
        mask = 0;
        others = 0;
        othersMask = 0;
        waiting = 0;
        othersWaiting = false;
    }

    /** A descriptor of a receive queue was written back. */
    void received(int queue) {
        queue(queue, 0);
    }

    /** The same for one of a transmit queue whose RS was set. */
    void sent(int queue) {
        queue(queue, 1);
    }

    private void queue(int queue, int direction) {
        int allocation = regs.get(IVAR, queue / 2) >>> (8 * (queue % 2 * 2 + direction));
        if ((allocation & VALID) != 0) {
            long bit = 1L << (allocation & VECTOR);
            causes |= bit;
            waiting |= bit & mask;
        }
    }

    /** A cause of EICR that is no queue's. */
    void other(int bits) {
        others |= bits;
        othersWaiting |= (bits & othersMask) != 0;
    }

    /** Signals what is neither masked nor moderated. */
    int turn(long now) {
        int n = 0;
        for (long left = waiting; left != 0; left &= left - 1) {
            int bit = Long.numberOfTrailingZeros(left);
            int vector = vectors() ? bit : 0;
            if (due(vector, now)) {
                waiting &= ~(1L << bit);
                signal(vector, 1L << bit, now);
                n++;
            }
        }
        if (othersWaiting && due(otherVector(), now)) {
            othersWaiting = false;
            signalOthers(now);
            n++;
        }
        return n;
    }

    private boolean vectors() {
        return (regs.get(GPIE) & GPIE_MSIX_MODE) != 0;
    }

    private int otherVector() {
        return vectors() ? regs.get(IVAR_MISC) >>> 8 & VECTOR : 0;
    }

    private boolean due(int vector, long now) {
        return now - lastNanos[vector] >= interval(vector);
    }

    /** Nanoseconds that the vector of a receive queue waits from one interrupt to the next. */
    long queueInterval(int queue) {
        int vector = regs.get(IVAR, queue / 2) >>> (queue % 2 * 16) & VECTOR;
        return interval(vectors() ? vector : 0);
    }

    /** What is left of the interval is written too, unless CNT_WDIS keeps it. */
    private int moderate(int i, int written) {
        int kept = written & ~(EITR_COUNTER | EITR_CNT_WDIS);
        regs.set(EITR, i, kept);
        if ((written & EITR_CNT_WDIS) == 0 && i < lastNanos.length) {
            int left = (written & EITR_COUNTER) >>> EITR_COUNTER_SHIFT;
            lastNanos[i] = model.clock().nanos() - interval(i) + left * COUNTER_NANOS;
        }
        return kept;
    }

    private int counter(int i) {
        if (i >= lastNanos.length) {
            return 0;
        }
        long left = lastNanos[i] + interval(i) - model.clock().nanos();
        return left <= 0 ? 0 : (int) (left / COUNTER_NANOS) << EITR_COUNTER_SHIFT & EITR_COUNTER;
    }

    /** In units of 2 us from bit 3 on. */
    private long interval(int vector) {
        return (regs.get(EITR, vector) & EITR_INTERVAL) / 4 * 1_000L;
    }

    private boolean masksItself() {
        return vectors() && (regs.get(GPIE) & GPIE_EIAME) != 0;
    }

    private void signal(int vector, long bit, long now) {
        lastNanos[vector] = now;
        if (vectors()) {
            // Those from 16 on clear themselves always.
            causes &= ~(bit & (regs.get(EIAC) | ~(long) QUEUES));
        }
        if (masksItself()) {
            mask &= ~(bit & (wide(0, regs.get(EIAM_EX, 0)) | wide(1, regs.get(EIAM_EX, 1))));
        }
        model.vectors().signal(vector);
    }

    private void signalOthers(long now) {
        if (vectors() && (regs.get(IVAR_MISC) >>> 8 & VALID) == 0) {
            return;
        }
        int vector = otherVector();
        lastNanos[vector] = now;
        others &= ~(vectors() ? regs.get(EIAC) : 0);
        if (masksItself()) {
            othersMask &= ~regs.get(EIAM);
        }
        model.vectors().signal(vector);
    }

    /** Nanoseconds until a moderated one may be signalled, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        long least = otherwise;
        for (long left = waiting; left != 0; left &= left - 1) {
            int vector = vectors() ? Long.numberOfTrailingZeros(left) : 0;
            least = Math.clamp(lastNanos[vector] + interval(vector) - now, 1, least);
        }
        if (othersWaiting) {
            int vector = otherVector();
            least = Math.clamp(lastNanos[vector] + interval(vector) - now, 1, least);
        }
        return least;
    }
}
