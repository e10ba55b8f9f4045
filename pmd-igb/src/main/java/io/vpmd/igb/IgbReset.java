// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.Registers;

import java.util.OptionalInt;

/** Brings the device to a known state, and leaves it in one that reaches no memory. */
final class IgbReset {
    private static final int ALL = -1;
    private static final int MASTER_TIMEOUT_MICROS = 80_000;
    private static final int RESET_TIMEOUT_MICROS = 10_000;
    private static final int AUTO_READ_TIMEOUT_MICROS = 10_000;
    private static final int DRAIN_MICROS = 10_000;
    /* Registers do not answer for a moment after CTRL.RST. */
    private static final int SETTLE_MICROS = 1_000;

    private static final int DEVICE_CONTROL_2 = 0x28;
    private static final int TIMEOUT_16_TO_55_MS = 5;
    private static final int INIT_CONTROL_3 = 0x24;
    private static final int INIT_EXT_MDIO = 1 << 2;
    private static final int INIT_COM_MDIO = 1 << 3;

    private final Registers regs;
    private final ConfigSpace config;
    private final IgbChip chip;
    private final IgbNvm nvm;
    private final IgbManagement management;

    IgbReset(
            Registers regs,
            ConfigSpace config,
            IgbChip chip,
            IgbNvm nvm,
            IgbManagement management) {
        this.regs = regs;
        this.config = config;
        this.chip = chip;
        this.nvm = nvm;
        this.management = management;
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
        // 3. The reset itself, of this function. CTRL.DEV_RST resets all functions of a card: it
        // would take the ports of others down, and on the 82580 it does not work reliably.
        regs.change(CTRL, 0, CTRL_RST);
        Registers.delayMicros(SETTLE_MICROS);
        regs.await(operation, CTRL, 0, CTRL_RST, 0, RESET_TIMEOUT_MICROS, "the reset to end");
        // 4. The NVM is loaded again. There are boards without one, so that a time-out is no error.
        regs.reaches(operation, EECD, 0, EECD_AUTO_RD, EECD_AUTO_RD, AUTO_READ_TIMEOUT_MICROS);
        // 5. The reset has unmasked nothing, but causes may be pending.
        maskInterrupts();
        regs.readAndClear(ICR, 0);
        // 6. What firmware or the NVM should have set, and has not.
        if (chip.has(Trait.SHORT_COMPLETION_TIMEOUT)) {
            lengthenCompletionTimeout();
        } else if (chip.has(Trait.FORGETS_MDICNFG)) {
            restoreMdi(operation);
        }
    }

    /**
     * The 82576 waits less than 1 ms for an answer on PCIe, where 10 ms are recommended; a value
     * that firmware has chosen stays. A request is not sent again: its answer may come yet.
     */
    private void lengthenCompletionTimeout() {
        int gcr = regs.read(GCR);
        boolean usual = (gcr & GCR_TIMEOUT_MASK) == 0;
        boolean inConfig = (gcr & GCR_CAPABILITY_2) != 0;
        regs.change(GCR, GCR_TIMEOUT_RESEND, usual && !inConfig ? GCR_TIMEOUT_10_MS : 0);
        OptionalInt express = config.capability(ConfigSpace.CAPABILITY_EXPRESS);
        if (usual && inConfig && express.isPresent()) {
            int at = express.getAsInt() + DEVICE_CONTROL_2;
            config.write(at, 2, config.read(at, 2) | TIMEOUT_16_TO_55_MS);
        }
    }

    /** Erratum of the 82580: a reset forgets where the NVM has put the PHY of an SGMII port. */
    private void restoreMdi(String operation) {
        if ((regs.read(CTRL_EXT) & CTRL_EXT_LINK_MODE_MASK) != CTRL_EXT_LINK_MODE_SGMII) {
            return;
        }
        int word = nvm.read(operation, INIT_CONTROL_3 + IgbNvm.section(regs), 1)[0];
        int external = (word & INIT_EXT_MDIO) != 0 ? MDICNFG_EXT_MDIO : 0;
        int common = (word & INIT_COM_MDIO) != 0 ? MDICNFG_COM_MDIO : 0;
        regs.change(MDICNFG, 0, external | common);
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
    void init() {
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
        // 6. What the management controller kept for itself so far.
        management.showAll();
    }

    /** The reverse of {@link #init}: the device is left reset, silent and without bus mastering. */
    void shutDown() {
        management.giveBack();
        regs.change(CTRL_EXT, CTRL_EXT_DRV_LOAD, 0);
        reset("close");
        regs.write(WUC, 0);
    }
}
