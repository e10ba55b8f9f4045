// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

/**
 * The way to the PHY inside an X550EM: in X550EM_x over the sideband of the chip (IOSF), which both
 * ports share, in X550EM_a by commands to the firmware, which has it for itself.
 */
final class IxgbeSideband {
    private static final int TIMEOUT_MICROS = 10_000;

    private final Registers regs;
    private final String port;
    private final boolean byFirmware;
    private final IxgbeSemaphores semaphores;
    private final IxgbeHostInterface firmware;

    IxgbeSideband(
            Registers regs,
            String port,
            IxgbeChip chip,
            IxgbeSemaphores semaphores,
            IxgbeHostInterface firmware) {
        this.regs = regs;
        this.port = port;
        this.byFirmware = chip.has(Trait.SIDEBAND_OF_FIRMWARE);
        this.semaphores = semaphores;
        this.firmware = firmware;
    }

    /**
     * Reads a register of this port's PHY.
     *
     * @throws DeviceException when the sideband or the firmware does not answer, or with an error
     */
    int read(String operation, IxgbeKrm register) {
        int function = IxgbeSemaphores.function(regs);
        int at = register.address(function);
        return byFirmware
                ? semaphores.withFirmware(
                        operation, () -> firmware.readPhy(operation, function, at))
                : semaphores.withSideband(operation, () -> get(operation, register, at));
    }

    /**
     * Changes bits of a register that nobody else shall touch meanwhile.
     *
     * @throws DeviceException when the sideband or the firmware does not answer, or with an error
     */
    void change(String operation, IxgbeKrm register, int clear, int set) {
        int function = IxgbeSemaphores.function(regs);
        int at = register.address(function);
        int _ =
                byFirmware
                        ? semaphores.withFirmware(
                                operation,
                                () -> {
                                    int was = firmware.readPhy(operation, function, at);
                                    firmware.writePhy(
                                            operation, function, at, (was & ~clear) | set);
                                    return was;
                                })
                        : semaphores.withSideband(
                                operation,
                                () -> {
                                    int was = get(operation, register, at);
                                    put(operation, register, at, (was & ~clear) | set);
                                    return was;
                                });
    }

    private int get(String operation, IxgbeKrm register, int at) {
        awaitIdle(operation);
        regs.write(SB_IOSF_INDIRECT_CTRL, at | SB_IOSF_TARGET_KR_PHY);
        finish(operation, "read", register);
        return regs.read(SB_IOSF_INDIRECT_DATA);
    }

    /** An address without a value is read; it is the value behind it that makes it a write. */
    private void put(String operation, IxgbeKrm register, int at, int value) {
        awaitIdle(operation);
        regs.write(SB_IOSF_INDIRECT_CTRL, at | SB_IOSF_TARGET_KR_PHY);
        regs.write(SB_IOSF_INDIRECT_DATA, value);
        finish(operation, "write", register);
    }

    private void awaitIdle(String operation) {
        regs.await(
                operation,
                SB_IOSF_INDIRECT_CTRL,
                0,
                SB_IOSF_BUSY,
                0,
                TIMEOUT_MICROS,
                "the sideband to its PHY");
    }

    private void finish(String operation, String what, IxgbeKrm register) {
        awaitIdle(operation);
        int state = regs.read(SB_IOSF_INDIRECT_CTRL);
        if ((state & SB_IOSF_RESP_STAT) != 0) {
            throw new DeviceException(
                    operation,
                    port,
                    "the sideband to its PHY did not "
                            + what
                            + " KRM_"
                            + register
                            + ", "
                            + SB_IOSF_INDIRECT_CTRL
                            + " is "
                            + RegisterTable.hex(state),
                    "cut the card's power");
        }
    }
}
