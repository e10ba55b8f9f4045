// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.hw.Registers;

/** Brings the device to a known state, and leaves it in one that reaches no memory. */
final class IgbReset {
    private static final int ALL = -1;
    private static final int MASTER_TIMEOUT_MICROS = 80_000;
    private static final int RESET_TIMEOUT_MICROS = 10_000;
    private static final int AUTO_READ_TIMEOUT_MICROS = 10_000;
    private static final int DRAIN_MICROS = 10_000;
    /* Registers do not answer for a moment after CTRL.RST. */
    private static final int SETTLE_MICROS = 1_000;

    private final Registers regs;

    IgbReset(Registers regs) {
        this.regs = regs;
    }

    /** Resets the function, 4.2.1.6 and 4.5.4. */
    void reset(String operation) {
        // 1. No new request on PCIe; one that hangs does not keep a reset from helping.
        quietBus(operation);
        // 2. No interrupt, no packet; what is under way ends.
        maskInterrupts();
        regs.write(RCTL, 0);
        regs.write(TCTL, TCTL_PSP);
        regs.read(STATUS);
        Registers.delayMicros(DRAIN_MICROS);
        // 3. The reset itself.
        regs.change(CTRL, 0, CTRL_RST);
        Registers.delayMicros(SETTLE_MICROS);
        regs.await(operation, CTRL, 0, CTRL_RST, 0, RESET_TIMEOUT_MICROS, "the reset to end");
        // 4. The NVM is loaded again. There are boards without one, so that a time-out is no error.
        regs.reaches(operation, EECD, 0, EECD_AUTO_RD, EECD_AUTO_RD, AUTO_READ_TIMEOUT_MICROS);
        // 5. The reset has unmasked nothing, but causes may be pending.
        maskInterrupts();
        regs.readAndClear(ICR, 0);
    }

    private void quietBus(String operation) {
        regs.change(CTRL, 0, CTRL_GIO_MASTER_DISABLE);
        regs.reaches(operation, STATUS, 0, STATUS_GIO_MASTER_ENABLE, 0, MASTER_TIMEOUT_MICROS);
    }

    void maskInterrupts() {
        regs.write(IMC, ALL);
        regs.write(EIMC, ALL);
        regs.read(STATUS);
    }

    /** What holds from the reset to the end, 4.5.5; nothing is enabled yet. */
    void init(IgbChip chip) {
        // 1. Tells the firmware that a driver is there.
        regs.change(CTRL_EXT, 0, CTRL_EXT_DRV_LOAD);
        // 2. No wake-up. Address and VLAN tables, which a reset does not clear, are the filters'.
        regs.write(WUC, 0);
        // 3. Erratum of the family: no IPv6 extension header in the filters' parser.
        regs.write(RFCTL, RFCTL_IPV6_EX_DIS);
        // 4. No DCA, which is not configured on the root complex's side.
        for (int q = 0; q < chip.queues; q++) {
            regs.write(DCA_RXCTRL, q, 0);
            regs.write(DCA_TXCTRL, q, 0);
        }
        // 5. The addresses and type of pause frames, IEEE 802.3 annex 31B.
        regs.write(FCAL, 0x00c2_8001);
        regs.write(FCAH, 0x0100);
        regs.write(FCT, 0x8808);
    }

    /** The reverse of {@link #init}: the device is left reset, silent and without bus mastering. */
    void shutDown() {
        regs.change(CTRL_EXT, CTRL_EXT_DRV_LOAD, 0);
        reset("close");
    }
}
