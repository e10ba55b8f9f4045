// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

/**
 * The registers of the copper PHY of an X540 or X550, over MSCA with frames of IEEE 802.3 clause
 * 45, each access under its semaphore. Registers are of a device: their number is {@code device <<
 * 16 | register}.
 */
final class IxgbePhy {
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int ADDRESSES = 32;
    private static final int PMA_IDENTIFIER = 1 << 16 | 2;
    private static final int NOBODY = 0xffff;

    private final Registers regs;
    private final String port;
    private final IxgbeSemaphores semaphores;
    private int address = -1;

    IxgbePhy(Registers regs, String port, IxgbeSemaphores semaphores) {
        this.regs = regs;
        this.port = port;
        this.semaphores = semaphores;
    }

    /**
     * Finds the address at which the PHY answers.
     *
     * @throws DeviceException when there is none
     */
    void find(String operation) {
        for (int i = 0; i < ADDRESSES && address < 0; i++) {
            int at = i;
            int id = semaphores.withPhy(operation, () -> exchange(operation, at, PMA_IDENTIFIER));
            if (id != 0 && id != NOBODY) {
                address = at;
            }
        }
        if (address < 0) {
            throw new DeviceException(
                    operation, port, "no PHY answers on its MDIO bus", "cut the card's power");
        }
    }

    int read(String operation, int register) {
        return semaphores.withPhy(operation, () -> exchange(operation, address, register));
    }

    /** Changes bits of a register that nobody else shall touch meanwhile. */
    void change(String operation, int register, int clear, int set) {
        int _ =
                semaphores.withPhy(
                        operation,
                        () -> {
                            int value = exchange(operation, address, register);
                            regs.write(MSRWD, (value & ~clear) | set);
                            command(operation, address, register, MSCA_ADDRESS);
                            command(operation, address, register, MSCA_WRITE);
                            return 0;
                        });
    }

    private int exchange(String operation, int phy, int register) {
        command(operation, phy, register, MSCA_ADDRESS);
        command(operation, phy, register, MSCA_READ);
        return regs.read(MSRWD) >>> MSRWD_READ_SHIFT;
    }

    private void command(String operation, int phy, int register, int code) {
        regs.write(MSCA, register | phy << MSCA_PHY_SHIFT | code | MSCA_COMMAND);
        regs.await(
                operation, MSCA, 0, MSCA_COMMAND, 0, TIMEOUT_MICROS, "the PHY to take a command");
    }
}
