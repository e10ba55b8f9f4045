// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

/**
 * How a chip counts time, in SYSTIM and in the stamps of packets:
 *
 * <pre>
 *   82576               64 bits, of which 19 are a fraction of a nanosecond, 7.9 of its data sheet
 *   82580, I350, I354   40 bits of nanoseconds, round after 18 minutes
 *   I210, I211          nanoseconds below a second in the low half, seconds in the high half
 * </pre>
 */
enum IgbSystemTime {
    /** TIMINCA is what is added every 16 ns. */
    FRACTIONS(19, 0) {
        @Override
        int increment(long partsPerBillion) {
            int usual = 16 << 19;
            return 1 << 24 | (int) (usual + usual * partsPerBillion / BILLION);
        }
    },
    /** 8 ns are added every 8 ns; TIMINCA is what more, in units of 2^-32 ns. */
    NANOSECONDS(0, 24),
    SECONDS(0, 0) {
        @Override
        long join(int low, int high) {
            return (high & 0xffff_ffffL) * BILLION + (low & 0xffff_ffffL);
        }
    };

    private static final long BILLION = 1_000_000_000L;
    private static final int EIGHT_NANOS_SHIFT = 35;
    private static final int SLOWER = 1 << 31;

    /** Bits of a count that are less than a nanosecond. */
    final int fractionBits;

    private final int unusedBits;

    IgbSystemTime(int fractionBits, int unusedBits) {
        this.fractionBits = fractionBits;
        this.unusedBits = unusedBits;
    }

    static IgbSystemTime of(IgbChip chip) {
        return switch (chip) {
            case E82576 -> FRACTIONS;
            case E82580, I350, I354 -> NANOSECONDS;
            case I210, I211 -> SECONDS;
        };
    }

    /** TIMINCA for a clock that is faster by this. */
    int increment(long partsPerBillion) {
        long more = (Math.abs(partsPerBillion) << EIGHT_NANOS_SHIFT) / BILLION;
        return (int) more | (partsPerBillion < 0 ? SLOWER : 0);
    }

    /** From the halves of a register pair to a count. */
    long join(int low, int high) {
        return (low & 0xffff_ffffL) | (long) high << 32;
    }

    /** From one count to a later or a somewhat earlier one, though the counter went round. */
    long between(long from, long to) {
        return (to - from) << unusedBits >> unusedBits;
    }

    /** The count now. */
    long now(Registers regs) {
        if (this != FRACTIONS) {
            // The lowest register is the one whose reading holds the others.
            regs.read(SYSTIMR);
        }
        return read(regs, SYSTIML, SYSTIMH);
    }

    /** A pair of registers, the low one first: reading it holds the high one. */
    long read(Registers regs, Register low, Register high) {
        int bits = regs.read(low);
        return join(bits, regs.read(high));
    }

    /** Lets it count, at its own rate. */
    void start(Registers regs) {
        if (this != FRACTIONS) {
            regs.change(TSAUXC, TSAUXC_DISABLE_SYSTIM, 0);
        }
        regs.write(TIMINCA, increment(0));
    }
}
