// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicSemaphores;

import java.util.function.IntSupplier;

/** Who may use the NVM and the PHY, 8.6: SWSM, and SW_FW_SYNC under it. */
final class IgbSemaphores extends NicSemaphores {
    private static final int SWSM_MICROS = 100_000;
    private static final int STEP_MICROS = 50;
    private static final int FIRMWARE_SHIFT = 16;
    private static final int ENTERED = SWSM_SMBI | SWSM_SWESMBI;
    private static final Shared NVM = shared("NVM", SYNC_NVM);
    /* By the function that STATUS tells. */
    private static final int[] PHYS = {SYNC_PHY0, SYNC_PHY1, SYNC_PHY2, SYNC_PHY3};

    IgbSemaphores(Registers regs, String port, IgbChip chip) {
        super(regs, port, SWSM, SW_FW_SYNC, micros(regs, chip), chip.has(Trait.SMBI_MAY_STAY));
    }

    /**
     * On I210 and I211 the bound is a step for each word of the NVM, and SMBI, which is now and
     * then set there though nobody holds it, may be cleared once.
     */
    private static long micros(Registers regs, IgbChip chip) {
        return chip.has(Trait.SMBI_MAY_STAY)
                ? (IgbNvm.words(regs) + 1) * (long) STEP_MICROS
                : SWSM_MICROS;
    }

    private static Shared shared(String name, int bits) {
        return new Shared(name, bits, bits << FIRMWARE_SHIFT);
    }

    /** Does something with the NVM. */
    int withNvm(String operation, IntSupplier access) {
        return with(operation, NVM, access);
    }

    /** Does something with the PHY of this function. */
    int withPhy(String operation, IntSupplier access) {
        return with(operation, phy(), access);
    }

    private Shared phy() {
        return shared("PHY", PHYS[function(regs)]);
    }

    /** The function of the card, 0 to 3: the number of its port. */
    static int function(Registers regs) {
        return (regs.read(STATUS) >>> STATUS_FUNCTION_SHIFT) & STATUS_FUNCTION_MASK;
    }

    /** At the opening. */
    void freeLeftOvers(String operation) {
        freeLeftOvers(operation, phy(), NVM);
    }

    /** SWESMBI stays set only when the firmware has not got it. */
    @Override
    protected boolean takesFirmwareHalf() {
        regs.change(SWSM, 0, SWSM_SWESMBI);
        return (regs.read(SWSM) & SWSM_SWESMBI) != 0;
    }

    @Override
    protected void leave() {
        regs.change(SWSM, ENTERED, 0);
    }

    @Override
    protected String firmwareHalf() {
        return "the firmware to let SWSM.SWESMBI be set";
    }
}
