// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Who may use the NVM and the PHY, 8.6: the firmware and the drivers of all functions of a card
 * share them. SWSM lets one at a time, for a moment, change SW_FW_SYNC; a bit there is held during
 * an access. Every wait has an end, and what ends in vain is a typed error.
 */
final class IgbSemaphores {
    private static final int SWSM_MICROS = 100_000;
    private static final int STEP_MICROS = 50;
    private static final int SYNC_MICROS = 1_000_000;
    private static final int SYNC_STEP_MICROS = 5_000;
    private static final String NEXT_STEP =
            "close the other ports of the card and open this one again, or cut its power";
    private static final int FIRMWARE_SHIFT = 16;
    private static final int ENTERED = SWSM_SMBI | SWSM_SWESMBI;
    /* By the function that STATUS tells. */
    private static final int[] PHYS = {SYNC_PHY0, SYNC_PHY1, SYNC_PHY2, SYNC_PHY3};

    private final Registers regs;
    private final String port;
    private final long swsmMicros;
    private boolean mayForce;
    private int held;

    IgbSemaphores(Registers regs, String port, IgbChip chip) {
        this.regs = regs;
        this.port = port;
        // On I210 and I211 the bound is a step for each word of the NVM, and SMBI, which is now and
        // then set there though nobody holds it, may be cleared once.
        boolean i21x = chip == IgbChip.I210 || chip == IgbChip.I211;
        swsmMicros = i21x ? (IgbNvm.words(regs) + 1) * (long) STEP_MICROS : SWSM_MICROS;
        mayForce = i21x;
    }

    /** Does something with the NVM. */
    int withNvm(String operation, IntSupplier access) {
        return with(operation, SYNC_NVM, access);
    }

    /** Does something with the PHY of this function. */
    int withPhy(String operation, IntSupplier access) {
        return with(operation, phy(), access);
    }

    private int phy() {
        return PHYS[function(regs)];
    }

    /** The function of the card, 0 to 3: the number of its port. */
    static int function(Registers regs) {
        return (regs.read(STATUS) >>> STATUS_FUNCTION_SHIFT) & STATUS_FUNCTION_MASK;
    }

    /** Within another access to the same there is nothing left to take. */
    private synchronized int with(String operation, int resource, IntSupplier access) {
        if ((held & resource) != 0) {
            return access.getAsInt();
        }
        take(operation, resource);
        int answer;
        try {
            answer = access.getAsInt();
        } catch (RuntimeException e) {
            try {
                give(operation, resource);
            } catch (DeviceException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        give(operation, resource);
        return answer;
    }

    /**
     * Frees what a process has left that ended while it held something: at the opening, when nobody
     * else drives this function. The NVM is also that of other functions, whose drivers hold it for
     * less than this waits. What firmware holds stays.
     */
    synchronized void freeLeftOvers(String operation) {
        int kept = missing(operation);
        leave();
        if (kept != 0) {
            enter(operation);
            leave();
        }
        for (int resource : new int[] {phy(), SYNC_NVM}) {
            if (entersWhenFree(operation, resource)) {
                leave();
            } else {
                give(operation, resource);
            }
        }
    }

    private void take(String operation, int resource) {
        if (!entersWhenFree(operation, resource | resource << FIRMWARE_SHIFT)) {
            int sync = regs.read(SW_FW_SYNC);
            boolean firmware = (sync & resource << FIRMWARE_SHIFT) != 0;
            throw new DeviceException(
                    operation,
                    port,
                    "waited "
                            + SYNC_MICROS
                            + " us for the "
                            + (resource == SYNC_NVM ? "NVM" : "PHY")
                            + ", which "
                            + (firmware ? "the firmware" : "another driver")
                            + " holds, SW_FW_SYNC is "
                            + RegisterTable.hex(sync),
                    NEXT_STEP);
        }
        regs.change(SW_FW_SYNC, 0, resource);
        held |= resource;
        leave();
    }

    private void give(String operation, int resource) {
        held &= ~resource;
        enter(operation);
        regs.change(SW_FW_SYNC, resource, 0);
        leave();
    }

    /** Whether {@code bits} of SW_FW_SYNC are clear in time; only then SWSM is held. */
    private boolean entersWhenFree(String operation, int bits) {
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(SYNC_MICROS);
        while (true) {
            boolean over = System.nanoTime() - deadline > 0;
            enter(operation);
            if ((regs.read(SW_FW_SYNC) & bits) == 0) {
                return true;
            }
            leave();
            if (over) {
                return false;
            }
            Registers.delayMicros(SYNC_STEP_MICROS);
        }
    }

    private void enter(String operation) {
        int kept = missing(operation);
        if (kept != 0) {
            // SWSM is not read for the message: that might take SMBI.
            throw new DeviceException(
                    operation,
                    port,
                    "waited "
                            + swsmMicros
                            + " us for "
                            + (kept == SWSM_SMBI
                                    ? "another driver of the card to clear SWSM.SMBI"
                                    : "the firmware to let SWSM.SWESMBI be set"),
                    NEXT_STEP);
        }
    }

    /** First against other drivers, then against firmware; what is not had, and 0 for success. */
    private int missing(String operation) {
        if (!readsFree(operation)) {
            if (!mayForce) {
                return SWSM_SMBI;
            }
            mayForce = false;
            leave();
            if (!readsFree(operation)) {
                return SWSM_SMBI;
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(swsmMicros);
        while (true) {
            boolean over = System.nanoTime() - deadline > 0;
            regs.change(SWSM, 0, SWSM_SWESMBI);
            // It stays set only when the firmware has not got it.
            if ((regs.read(SWSM) & SWSM_SWESMBI) != 0) {
                return 0;
            }
            if (over) {
                leave();
                return SWSM_SWESMBI;
            }
            Registers.delayMicros(STEP_MICROS);
        }
    }

    /** Who reads SMBI as 0 has set it by that. */
    private boolean readsFree(String operation) {
        return regs.reaches(operation, SWSM, 0, SWSM_SMBI, 0, swsmMicros);
    }

    private void leave() {
        regs.change(SWSM, ENTERED, 0);
    }
}
