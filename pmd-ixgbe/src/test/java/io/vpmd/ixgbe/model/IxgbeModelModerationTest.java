// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moderation of interrupts, 7.3.2.1, counted at their vector. */
class IxgbeModelModerationTest {
    private static final int VECTOR = 3;
    private static final int VALID = 0x80;
    private static final int CNT_WDIS = 1 << 31;
    private static final int MICRO = 1_000;

    private final BareModel device = new BareModel(IxgbeModelChip.E82599_KX4);

    @BeforeEach
    void begin() {
        device.write(GPIE, GPIE_MSIX_MODE | GPIE_OCD);
        device.write(EIAC, 0xffff);
        device.write(IVAR, 0, VALID | VECTOR);
        device.write(EIMS, 1 << VECTOR);
    }

    /** An interval in its register; it has units of 2 us from bit 3 on. */
    private static int micros(int micros) {
        return (micros / 2) << 3;
    }

    private void cause() {
        device.write(EICS, 1 << VECTOR);
        device.pass(0);
    }

    private long interrupts() {
        return device.model.vectors().signals(VECTOR);
    }

    /** Causes each 10 us for a millisecond. */
    private long inAMillisecond(int eitr) {
        device.write(EITR, VECTOR, eitr);
        device.pass(10_000 * MICRO);
        long before = interrupts();
        for (int i = 0; i < 100; i++) {
            device.pass(10 * MICRO);
            cause();
        }
        return interrupts() - before;
    }

    @Test
    void anIntervalPassesFromOneInterruptToTheNext() {
        assertEquals(100, inAMillisecond(0));
        assertEquals(100, inAMillisecond(micros(10)));
        assertEquals(50, inAMillisecond(micros(20)));
        assertEquals(10, inAMillisecond(micros(100)));
        assertEquals(1, inAMillisecond(micros(1_000)));
    }

    @Test
    void theFirstAfterAPauseComesAtOnceAndTheNextIsHeldBack() {
        device.write(EITR, VECTOR, micros(100));
        device.pass(1_000 * MICRO);
        cause();
        assertEquals(1, interrupts());
        cause();
        device.pass(98 * MICRO);
        assertEquals(1, interrupts(), "before the interval is over");
        device.pass(2 * MICRO);
        assertEquals(2, interrupts(), "one cause is not lost");
        device.pass(1_000 * MICRO);
        assertEquals(2, interrupts(), "and comes once");
    }

    /** Writing the interval sets what is left of it too, unless CNT_WDIS keeps that, 8.2.3.5.12. */
    @Test
    void theCounterIsWrittenOrKept() {
        device.write(EITR, VECTOR, micros(400));
        device.pass(1_000 * MICRO);
        cause();
        device.pass(80 * MICRO);
        cause();
        assertEquals(1, interrupts());
        device.write(EITR, VECTOR, micros(400) | CNT_WDIS);
        device.pass(0);
        assertEquals(1, interrupts(), "320 us are left");
        int eitr = device.model.registers().read(EITR.at(VECTOR));
        assertEquals(micros(400) | (320 / 8) << 21, eitr);
        device.write(EITR, VECTOR, micros(400) | (64 / 8) << 21);
        device.pass(63 * MICRO);
        assertEquals(1, interrupts(), "64 us were written");
        device.pass(MICRO);
        assertEquals(2, interrupts());
        cause();
        device.write(EITR, VECTOR, micros(400));
        device.pass(0);
        assertEquals(3, interrupts(), "nothing is left when 0 is written");
        device.check();
    }

    @Test
    void vectorsAreModeratedEachByItself() {
        device.write(IVAR_MISC, (VALID | 4) << 8);
        device.write(EITR, VECTOR, micros(500));
        device.write(EITR, 4, 0);
        device.write(EIMS, EICR_LSC);
        device.pass(1_000 * MICRO);
        cause();
        cause();
        for (int i = 0; i < 5; i++) {
            device.write(EICS, EICR_LSC);
            device.pass(0);
        }
        assertEquals(1, interrupts());
        assertEquals(5, device.model.vectors().signals(4));
    }
}
