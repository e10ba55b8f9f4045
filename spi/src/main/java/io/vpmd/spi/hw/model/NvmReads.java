// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;

import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Reading the words of a non-volatile memory through EERD, as the gigabit and ten-gigabit families
 * have it. With the device's lock held.
 */
public final class NvmReads {
    private static final int START = 1;
    private static final int DONE = 1 << 1;
    private static final int COMMAND = 0x0000_fffd;
    private static final long WORD_NANOS = 2_000;

    private final ModelClock clock;
    private final IntUnaryOperator words;
    private final BooleanSupplier dead;
    private long readyAt;

    /**
     * Gives the register its meaning.
     *
     * @param words the word at an address
     * @param dead whether no read ends at the moment: fault injection
     */
    public NvmReads(
            DeviceModel device, Register eerd, IntUnaryOperator words, BooleanSupplier dead) {
        clock = device.clock();
        this.words = words;
        this.dead = dead;
        device.registers()
                .writable(eerd, COMMAND)
                .onWrite(eerd, (_, _, written) -> read(written))
                .onRead(eerd, (_, stored) -> answer(stored));
    }

    private int read(int written) {
        if ((written & START) == 0) {
            return written & ~DONE;
        }
        readyAt = clock.nanos() + WORD_NANOS;
        return (written & 0xfffc) | words.applyAsInt(written >>> 2 & 0x3fff) << 16;
    }

    private int answer(int stored) {
        boolean done = !dead.getAsBoolean() && clock.nanos() - readyAt >= 0;
        return done ? stored | DONE : stored;
    }
}
