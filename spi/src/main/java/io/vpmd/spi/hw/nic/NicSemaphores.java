// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Who may use what the firmware and the drivers of all functions of a card share. A lock of two
 * halves lets one at a time, for a moment, change SW_FW_SYNC; a bit there is held during an access.
 * Every wait has an end, and what ends in vain is a typed error.
 */
public abstract class NicSemaphores {
    private static final int STEP_MICROS = 50;
    private static final int SYNC_MICROS = 1_000_000;
    private static final int SYNC_STEP_MICROS = 5_000;
    private static final String NEXT_STEP =
            "close the other ports of the card and open this one again, or cut its power";
    private static final int SMBI = 1;

    /** The registers of the family. */
    protected final Registers regs;

    private final String port;
    private final Register swsm;
    private final Register sync;
    private final long lockMicros;
    private boolean mayForce;
    private int held;
    private int lastSeen;

    /**
     * Something that is shared.
     *
     * @param name for messages
     * @param bits of SW_FW_SYNC that a driver sets
     * @param others that keep it from doing so besides
     */
    public record Shared(String name, int bits, int others) {}

    /**
     * Holds nothing.
     *
     * @param swsm whose lowest bit, SMBI, is the half of the lock that is against other drivers:
     *     who reads it as 0 has set it by that
     * @param lockMicros how long a half of the lock is waited for
     * @param mayForce whether SMBI, found set though nobody holds it, may be cleared once
     */
    protected NicSemaphores(
            Registers regs,
            String port,
            Register swsm,
            Register sync,
            long lockMicros,
            boolean mayForce) {
        this.regs = regs;
        this.port = port;
        this.swsm = swsm;
        this.sync = sync;
        this.lockMicros = lockMicros;
        this.mayForce = mayForce;
    }

    /** Tries once to take the half of the lock that is against the firmware. */
    protected abstract boolean takesFirmwareHalf();

    /** Gives both halves back. */
    protected abstract void leave();

    /** What the firmware does that keeps its half of the lock, for messages. */
    protected abstract String firmwareHalf();

    /** Does something with it; within another access to the same there is nothing to take. */
    protected final synchronized int with(String operation, Shared shared, IntSupplier access) {
        if ((held & shared.bits()) != 0) {
            return access.getAsInt();
        }
        take(operation, shared);
        int answer;
        try {
            answer = access.getAsInt();
        } catch (RuntimeException e) {
            try {
                give(operation, shared);
            } catch (DeviceException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        give(operation, shared);
        return answer;
    }

    /**
     * Frees what a process has left that ended while it held something: at the opening, when nobody
     * else drives this function. What other functions use too, their drivers hold for less than
     * this waits. What firmware holds stays.
     */
    protected final synchronized void freeLeftOvers(String operation, Shared... all) {
        boolean entered = missing(operation).isEmpty();
        leave();
        if (!entered) {
            enter(operation);
            leave();
        }
        for (Shared shared : all) {
            if (entersWhenFree(operation, shared.bits())) {
                leave();
            } else {
                give(operation, shared);
            }
        }
    }

    private void take(String operation, Shared shared) {
        if (!entersWhenFree(operation, shared.bits() | shared.others())) {
            // What was seen: where the sync register has a lock in it, a read would take that.
            int now = lastSeen;
            throw new DeviceException(
                    operation,
                    port,
                    "waited "
                            + SYNC_MICROS
                            + " us for the "
                            + shared.name()
                            + ", which "
                            + ((now & shared.others()) != 0 ? "the firmware" : "another driver")
                            + " holds, "
                            + sync
                            + " is "
                            + RegisterTable.hex(now),
                    NEXT_STEP);
        }
        regs.change(sync, 0, shared.bits());
        held |= shared.bits();
        leave();
    }

    private void give(String operation, Shared shared) {
        held &= ~shared.bits();
        enter(operation);
        regs.change(sync, shared.bits(), 0);
        leave();
    }

    /** Whether {@code bits} of SW_FW_SYNC are clear in time; only then the lock is held. */
    private boolean entersWhenFree(String operation, int bits) {
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(SYNC_MICROS);
        while (true) {
            boolean over = System.nanoTime() - deadline > 0;
            enter(operation);
            lastSeen = regs.read(sync);
            if ((lastSeen & bits) == 0) {
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
        String missing = missing(operation);
        if (!missing.isEmpty()) {
            // SWSM is not read for the message: that might take SMBI.
            throw new DeviceException(
                    operation, port, "waited " + lockMicros + " us for " + missing, NEXT_STEP);
        }
    }

    /** First against other drivers, then against firmware; what is not had, empty for success. */
    private String missing(String operation) {
        if (!readsFree(operation)) {
            if (!mayForce) {
                return "another driver of the card to clear " + swsm + ".SMBI";
            }
            mayForce = false;
            leave();
            if (!readsFree(operation)) {
                return "another driver of the card to clear " + swsm + ".SMBI";
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(lockMicros);
        while (true) {
            boolean over = System.nanoTime() - deadline > 0;
            if (takesFirmwareHalf()) {
                return "";
            }
            if (over) {
                leave();
                return firmwareHalf();
            }
            Registers.delayMicros(STEP_MICROS);
        }
    }

    private boolean readsFree(String operation) {
        return regs.reaches(operation, swsm, 0, SMBI, 0, lockMicros);
    }
}
