// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.RegisterFile;

/**
 * Causes, masks, vectors and their moderation, 7.3. Queue causes go to the vectors that IVAR says;
 * what is left goes through ICR and IVAR_MISC. Without GPIE.Multiple_MSIX all is on vector 0.
 */
final class IgbModelInterrupts {
    private static final int VALID = 0x80;
    private static final int VECTOR = 0x1f;
    private static final int OTHER = 1 << 31;
    private static final int EITR_INTERVAL = 0x7ffc;

    private final IgbModel model;
    private final RegisterFile regs;
    private final long[] lastNanos = new long[32];
    private int waiting;

    IgbModelInterrupts(IgbModel model) {
        this.model = model;
        this.regs = model.registers();
        // Read clears, and so does writing ones.
        regs.onRead(ICR, (_, stored) -> readIcr(stored));
        regs.clearedByOnes(ICR, -1).clearedByOnes(EICR, -1);
        regs.onWrite(ICS, (_, _, written) -> cause(written));
        regs.onWrite(IMS, (_, stored, written) -> unmask(stored, written));
        regs.onWrite(IMC, (_, _, written) -> mask(IMS, written));
        regs.onWrite(EICS, (_, _, written) -> extended(written));
        regs.onWrite(EIMS, (_, stored, written) -> unmaskExtended(stored, written));
        regs.onWrite(EIMC, (_, _, written) -> mask(EIMS, written));
    }

    private int readIcr(int stored) {
        boolean asserted = (stored & regs.get(IMS)) != 0;
        // With NSICR clear a read clears only what asserts, 8.8.9.
        boolean clears = asserted || (regs.get(GPIE) & GPIE_NSICR) != 0 || regs.get(IMS) == 0;
        regs.set(ICR, clears ? 0 : stored);
        if (asserted) {
            regs.set(IMS, regs.get(IMS) & ~regs.get(IAM));
        }
        return stored | (asserted ? 1 << 31 : 0);
    }

    private int cause(int bits) {
        other(bits);
        return 0;
    }

    private int mask(io.vpmd.spi.hw.Register register, int bits) {
        regs.set(register, regs.get(register) & ~bits);
        return 0;
    }

    private int unmask(int stored, int bits) {
        regs.set(IMS, stored | bits);
        raiseOther();
        return stored | bits;
    }

    private int extended(int bits) {
        regs.set(EICR, regs.get(EICR) | bits);
        waiting |= bits & regs.get(EIMS);
        return 0;
    }

    private int unmaskExtended(int stored, int bits) {
        waiting |= bits & regs.get(EICR);
        return stored | bits;
    }

    void reset() {
        waiting = 0;
    }

    private boolean multiple() {
        return (regs.get(GPIE) & GPIE_MULTIPLE_MSIX) != 0;
    }

    /** A descriptor of a receive queue was written back. */
    void received(int queue) {
        queue(queue, 0, ICR_RXDW);
    }

    /** The same for one of a transmit queue whose RS was set. */
    void sent(int queue) {
        queue(queue, 1, ICR_TXDW);
    }

    private void queue(int queue, int direction, int legacyCause) {
        if (!multiple()) {
            other(legacyCause);
            return;
        }
        boolean paired = model.chip().pairedVectors();
        int register = paired ? queue / 2 : queue % 8;
        int entry = (paired ? queue % 2 : queue / 8) * 2 + direction;
        int allocation = regs.get(IVAR, register) >>> (8 * entry);
        if ((allocation & VALID) != 0) {
            raise(allocation & VECTOR);
        }
    }

    /** A cause of ICR. */
    void other(int bits) {
        regs.set(ICR, regs.get(ICR) | bits);
        raiseOther();
    }

    private void raiseOther() {
        if ((regs.get(ICR) & regs.get(IMS)) == 0) {
            return;
        }
        if (!multiple()) {
            waiting |= OTHER;
            return;
        }
        int allocation = regs.get(IVAR_MISC) >>> 8;
        if ((allocation & VALID) != 0) {
            raise(allocation & VECTOR);
        }
    }

    private void raise(int vector) {
        int bit = 1 << vector;
        regs.set(EICR, regs.get(EICR) | bit);
        waiting |= bit & regs.get(EIMS);
    }

    /** Signals what is neither masked nor moderated. */
    int turn(long now) {
        int n = 0;
        for (int left = waiting; left != 0; left &= left - 1) {
            int bit = left & -left;
            int vector = bit == OTHER ? 0 : Integer.numberOfTrailingZeros(bit);
            if (now - lastNanos[vector] >= interval(vector)) {
                lastNanos[vector] = now;
                waiting &= ~bit;
                signal(vector, bit);
                n++;
            }
        }
        return n;
    }

    private long interval(int vector) {
        return vector < EITR.count() ? (regs.get(EITR, vector) & EITR_INTERVAL) / 4 * 1_000L : 0;
    }

    private void signal(int vector, int bit) {
        model.stats().add(IgbModelStats.IAC);
        if (bit != OTHER) {
            regs.set(EICR, regs.get(EICR) & ~(bit & regs.get(EIAC)));
            if ((regs.get(GPIE) & GPIE_EIAME) != 0) {
                regs.set(EIMS, regs.get(EIMS) & ~(bit & regs.get(EIAM)));
            }
        }
        model.vectors().signal(vector);
    }

    /** Nanoseconds until a moderated one may be signalled, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        long least = otherwise;
        for (int left = waiting; left != 0; left &= left - 1) {
            int bit = left & -left;
            int vector = bit == OTHER ? 0 : Integer.numberOfTrailingZeros(bit);
            least = Math.clamp(lastNanos[vector] + interval(vector) - now, 1, least);
        }
        return least;
    }
}
