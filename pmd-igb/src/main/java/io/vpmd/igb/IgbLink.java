// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.Link;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

/** Link set-up over a copper PHY, 4.5.7.1, and the link's state. */
final class IgbLink {
    private static final int PHY_ADDRESS = 1;
    private static final int PHY_CONTROL = 0;
    private static final int PHY_STATUS = 1;
    private static final int CONTROL_RESTART = 1 << 9;
    private static final int CONTROL_POWER_DOWN = 1 << 11;
    private static final int CONTROL_AUTONEG = 1 << 12;
    private static final int STATUS_LINK = 1 << 2;
    private static final int STATUS_AUTONEG_DONE = 1 << 5;
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int[] SPEEDS = {10, 100, 1000, 1000};

    private final Registers regs;
    private final String port;

    IgbLink(Registers regs, String port) {
        this.regs = regs;
        this.port = port;
    }

    /** Lets the PHY negotiate; one that has done so is left alone. */
    void setUp() {
        // The MAC takes speed and duplex from the PHY.
        regs.change(CTRL, CTRL_FRCSPD | CTRL_FRCDPLX, CTRL_SLU);
        int done = STATUS_LINK | STATUS_AUTONEG_DONE;
        if ((readPhy(PHY_STATUS) & done) != done || !up(regs.read(STATUS))) {
            int control = readPhy(PHY_CONTROL) & ~CONTROL_POWER_DOWN;
            writePhy(PHY_CONTROL, control | CONTROL_AUTONEG | CONTROL_RESTART);
        }
    }

    private static boolean up(int status) {
        return (status & STATUS_LU) != 0;
    }

    /** What the MAC sees now; down also when the device is gone. */
    Link state() {
        int status = regs.read(STATUS);
        if (!up(status) || status == -1) {
            return Link.DOWN;
        }
        int speed = SPEEDS[(status >>> STATUS_SPEED_SHIFT) & STATUS_SPEED_MASK];
        return new Link(true, speed, (status & STATUS_FD) != 0, true);
    }

    /** A register of the PHY, 8.2.4. */
    int readPhy(int register) {
        return mdi(register, MDIC_READ) & 0xffff;
    }

    void writePhy(int register, int value) {
        mdi(register, MDIC_WRITE | value);
    }

    private int mdi(int register, int command) {
        regs.write(MDIC, command | register << MDIC_REG_SHIFT | PHY_ADDRESS << MDIC_PHY_SHIFT);
        regs.await("link", MDIC, 0, MDIC_READY, MDIC_READY, TIMEOUT_MICROS, "the PHY to answer");
        int answer = regs.read(MDIC);
        if ((answer & MDIC_ERROR) != 0) {
            throw new DeviceException(
                    "link",
                    port,
                    "the PHY does not know register " + register,
                    "reset the device (close and open the port)");
        }
        return answer;
    }
}
