// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicSemaphores;

import java.util.function.IntSupplier;

/**
 * Who may use the NVM, the PHY and the link registers, 10.5.4: SWSM, and SW_FW_SYNC under it. From
 * the X540 on SW_FW_SYNC has the firmware's half of the lock itself: who reads REGSMP as 0 has set
 * it by that.
 */
final class IxgbeSemaphores extends NicSemaphores {
    private static final int LOCK_MICROS = 100_000;
    private static final int FIRMWARE_SHIFT = 5;
    private static final Shared MAC = shared("link registers", SYNC_MAC);
    private static final Shared FIRMWARE = new Shared("firmware's window", SYNC_SW_MNG, 0);

    /* The sideband is one for both ports. */
    private static final Shared SIDEBAND = shared("sideband", SYNC_PHY0 | SYNC_PHY1);

    private final boolean regsmp;
    private final Shared nvm;

    IxgbeSemaphores(Registers regs, String port, IxgbeChip chip) {
        super(regs, port, SWSM, SW_FW_SYNC, LOCK_MICROS, false);
        regsmp = chip.has(Trait.REGSMP);
        // From the X540 on the NVM is a flash, to which the hardware has a bit of its own; in the
        // X550 the way to it is through the firmware's window.
        int window = chip.has(Trait.FIRMWARE_COMMANDS) ? SYNC_SW_MNG : 0;
        int hardware = regsmp ? SYNC_FLASH : 0;
        nvm = new Shared("NVM", SYNC_NVM | window, SYNC_NVM << FIRMWARE_SHIFT | hardware);
    }

    private static Shared shared(String name, int bits) {
        return new Shared(name, bits, bits << FIRMWARE_SHIFT);
    }

    /** Does something with the NVM. */
    int withNvm(String operation, IntSupplier access) {
        return with(operation, nvm, access);
    }

    /** Has the firmware carry out a command, of a chip whose firmware does. */
    int withFirmware(String operation, IntSupplier command) {
        return with(operation, FIRMWARE, command);
    }

    /** Does something with the PHY, or the I2C bus, of this function. */
    int withPhy(String operation, IntSupplier access) {
        return with(operation, phy(), access);
    }

    /** Does something with the PHYs inside, of a chip that has a sideband to them. */
    int withSideband(String operation, IntSupplier access) {
        return with(operation, SIDEBAND, access);
    }

    /** Does something with AUTOC, which firmware may change too. */
    int withLink(String operation, IntSupplier access) {
        return with(operation, MAC, access);
    }

    private Shared phy() {
        return shared("PHY", function(regs) == 0 ? SYNC_PHY0 : SYNC_PHY1);
    }

    /** The function of the card, 0 or 1: the number of its port. */
    static int function(Registers regs) {
        return (regs.read(STATUS) >>> STATUS_LAN_ID_SHIFT) & STATUS_LAN_ID_MASK;
    }

    /** At the opening. */
    void freeLeftOvers(String operation) {
        freeLeftOvers(operation, phy(), MAC, nvm);
    }

    @Override
    protected boolean takesFirmwareHalf() {
        if (regsmp) {
            return (regs.read(SW_FW_SYNC) & SYNC_REGSMP) == 0;
        }
        // It stays set only when the firmware has not got it.
        regs.change(SWSM, 0, SWSM_SWESMBI);
        return (regs.read(SWSM) & SWSM_SWESMBI) != 0;
    }

    @Override
    protected void leave() {
        if (regsmp) {
            regs.change(SW_FW_SYNC, SYNC_REGSMP, 0);
        }
        regs.change(SWSM, SWSM_SMBI | SWSM_SWESMBI, 0);
    }

    @Override
    protected String firmwareHalf() {
        return regsmp
                ? "the firmware to clear SW_FW_SYNC.REGSMP"
                : "the firmware to let SWSM.SWESMBI be set";
    }
}
