// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import java.util.function.IntSupplier;

/** The registers of the copper PHY over MDIC, 8.2.4, each access under its semaphore. */
final class IgbPhy {
    private static final int ADDRESS = 1;
    private static final int TIMEOUT_MICROS = 10_000;

    private final Registers regs;
    private final String port;
    private final IgbSemaphores semaphores;

    IgbPhy(Registers regs, String port, IgbSemaphores semaphores) {
        this.regs = regs;
        this.port = port;
        this.semaphores = semaphores;
    }

    int read(String operation, int register) {
        return mdi(operation, register, MDIC_READ) & 0xffff;
    }

    void write(String operation, int register, int value) {
        int _ = mdi(operation, register, MDIC_WRITE | value);
    }

    /** Changes bits of a register that nobody else shall touch meanwhile. */
    void change(String operation, int register, int clear, int set) {
        whole(
                operation,
                () -> {
                    write(operation, register, (read(operation, register) & ~clear) | set);
                    return 0;
                });
    }

    /** Does several accesses of which nobody's comes between. */
    int whole(String operation, IntSupplier accesses) {
        return semaphores.withPhy(operation, accesses);
    }

    private int mdi(String operation, int register, int command) {
        return semaphores.withPhy(operation, () -> exchange(operation, register, command));
    }

    private int exchange(String operation, int register, int command) {
        regs.write(MDIC, command | register << MDIC_REG_SHIFT | ADDRESS << MDIC_PHY_SHIFT);
        regs.await(operation, MDIC, 0, MDIC_READY, MDIC_READY, TIMEOUT_MICROS, "the PHY to answer");
        int answer = regs.read(MDIC);
        if ((answer & MDIC_ERROR) != 0) {
            throw new DeviceException(
                    operation,
                    port,
                    "the PHY does not know register " + register,
                    "reset the device (close and open the port)");
        }
        return answer;
    }
}
