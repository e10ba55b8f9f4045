// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;

import java.util.function.BooleanSupplier;

/**
 * SWSM, whose two semaphores keep drivers and firmware apart, and SW_FW_SYNC, which says who owns
 * what; as the gigabit and ten-gigabit families have them. With the device's lock held.
 */
public final class Semaphores {
    private static final int SMBI = 1;
    private static final int SWESMBI = 1 << 1;

    private final DeviceModel device;
    private final RegisterFile regs;
    private final Register swsm;
    private final Register sync;
    private final int firmware;
    private final int lock;
    private final Holders holders;

    /**
     * Who keeps what for ever at the moment: fault injection.
     *
     * @param driver whether another driver keeps SMBI
     * @param locked whether the firmware keeps its half of the lock
     * @param firmware whether the firmware keeps all that {@code sync} has bits of it for
     */
    public record Holders(
            BooleanSupplier driver, BooleanSupplier locked, BooleanSupplier firmware) {}

    /**
     * Gives the registers their meaning.
     *
     * @param firmware bits of {@code sync} that are the firmware's
     * @param lock the bit of {@code sync} that a read takes, as one of SWSM does; 0 where SWESMBI
     *     guards it
     */
    public Semaphores(
            DeviceModel device,
            Register swsm,
            Register sync,
            int firmware,
            int lock,
            Holders holders) {
        this.device = device;
        this.regs = device.registers();
        this.swsm = swsm;
        this.sync = sync;
        this.firmware = firmware;
        this.lock = lock;
        this.holders = holders;
        regs.onRead(swsm, (_, stored) -> take(stored))
                .writable(swsm, SMBI | SWESMBI)
                .onWrite(swsm, (_, _, written) -> request(written));
        regs.onRead(sync, (_, stored) -> look(stored))
                .onWrite(sync, (_, stored, written) -> own(stored, written));
    }

    /** Whether the firmware has all. */
    public boolean held() {
        return holders.firmware().getAsBoolean();
    }

    /** A read takes SMBI: whoever reads 0 has it. */
    private int take(int stored) {
        if (holders.driver().getAsBoolean()) {
            return stored | SMBI;
        }
        regs.set(swsm, stored | SMBI);
        return stored;
    }

    /** SWESMBI stays set only when the firmware does not have it. */
    private int request(int written) {
        return holders.locked().getAsBoolean() ? written & ~SWESMBI : written;
    }

    private int look(int stored) {
        regs.set(sync, stored | lock);
        int locked = holders.locked().getAsBoolean() ? lock : 0;
        return stored | locked | (held() ? firmware : 0);
    }

    private int own(int stored, int written) {
        boolean locked = lock == 0 ? (regs.get(swsm) & SWESMBI) != 0 : (stored & lock) != 0;
        if (!locked) {
            device.violations().add("SW_FW_SYNC was written by one who has not locked it");
        }
        return (stored & firmware) | (written & ~firmware);
    }
}
