// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import java.util.OptionalInt;

/**
 * The I2C bus to the module of a port, whose two lines software moves through I2CCTL, 3.7.4: 100
 * kbit/s, the times those of the standard. Each access is under the semaphore of the PHY.
 */
final class IxgbeI2c {
    private static final int START_HOLD_MICROS = 4;
    private static final int LOW_MICROS = 5;
    private static final int HIGH_MICROS = 4;
    private static final int SETUP_MICROS = 5;
    private static final int FREE_MICROS = 5;
    /* A module may hold the clock down until it is ready. */
    private static final int STRETCH_MICROS = 500;
    private static final int READ = 1;

    private final Registers regs;
    private final String port;
    private final IxgbeSemaphores semaphores;

    IxgbeI2c(Registers regs, String port, IxgbeSemaphores semaphores) {
        this.regs = regs;
        this.port = port;
        this.semaphores = semaphores;
    }

    /**
     * Reads two bytes, the first in the lower half.
     *
     * @param address with the bit that tells reads from writes as 0
     * @return empty when nobody acknowledges
     */
    OptionalInt word(String operation, int address, int offset) {
        int[] answer = {-1};
        int _ =
                semaphores.withPhy(
                        operation, () -> answer[0] = exchange(operation, address, offset));
        return answer[0] < 0 ? OptionalInt.empty() : OptionalInt.of(answer[0]);
    }

    private int exchange(String operation, int address, int offset) {
        try {
            start(operation);
            if (!sends(operation, address) || !sends(operation, offset)) {
                return -1;
            }
            start(operation);
            if (!sends(operation, address | READ)) {
                return -1;
            }
            int low = receive(operation, true);
            return low | receive(operation, false) << 8;
        } finally {
            stop();
        }
    }

    private void start(String operation) {
        data(true);
        clockUp(operation);
        pause(SETUP_MICROS);
        data(false);
        pause(START_HOLD_MICROS);
        clockDown();
    }

    private void stop() {
        data(false);
        regs.change(I2CCTL, 0, I2CCTL_CLK_OUT);
        regs.read(STATUS);
        pause(HIGH_MICROS);
        data(true);
        pause(FREE_MICROS);
    }

    /** Sends a byte; whether it is acknowledged. */
    private boolean sends(String operation, int value) {
        for (int bit = 7; bit >= 0; bit--) {
            data(((value >>> bit) & 1) != 0);
            clockUp(operation);
            clockDown();
        }
        data(true);
        clockUp(operation);
        boolean acknowledged = (regs.read(I2CCTL) & I2CCTL_DATA_IN) == 0;
        clockDown();
        return acknowledged;
    }

    private int receive(String operation, boolean more) {
        int value = 0;
        data(true);
        for (int bit = 0; bit < 8; bit++) {
            clockUp(operation);
            value = value << 1 | ((regs.read(I2CCTL) & I2CCTL_DATA_IN) != 0 ? 1 : 0);
            clockDown();
        }
        data(!more);
        clockUp(operation);
        clockDown();
        return value;
    }

    private void data(boolean high) {
        regs.change(I2CCTL, I2CCTL_DATA_OUT, high ? I2CCTL_DATA_OUT : 0);
        regs.read(STATUS);
    }

    private void clockUp(String operation) {
        regs.change(I2CCTL, 0, I2CCTL_CLK_OUT);
        regs.read(STATUS);
        long begin = System.nanoTime();
        while ((regs.read(I2CCTL) & I2CCTL_CLK_IN) == 0) {
            if (System.nanoTime() - begin > STRETCH_MICROS * 1_000L) {
                throw new DeviceException(
                        operation,
                        port,
                        "waited " + STRETCH_MICROS + " us for its module to release the I2C clock",
                        "take the module out and plug it in again");
            }
        }
        pause(HIGH_MICROS);
    }

    private void clockDown() {
        regs.change(I2CCTL, I2CCTL_CLK_OUT, 0);
        regs.read(STATUS);
        pause(LOW_MICROS);
    }

    /** Too short for the scheduler, which would make each bit take a tenth of a millisecond. */
    private static void pause(int micros) {
        long end = System.nanoTime() + micros * 1_000L;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
