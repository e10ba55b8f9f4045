// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.Registers;

/**
 * What is between the queues and the link: packet buffers, and how the MAC of an 82599 makes a link
 * (AUTOC), which the NVM says and a reset changes.
 */
final class IxgbeMac {
    private static final int PIPELINE_TIMEOUT_MICROS = 40_000;
    /* Toggled to restart the link, 8.2.3.22.19. */
    private static final int LMS_HIGH = 4 << AUTOC_LMS_SHIFT;
    private static final int LMS_10G_WITHOUT_NEGOTIATION = 1 << AUTOC_LMS_SHIFT;
    private static final int TX_BUFFER_KB = 160;
    /* Of the threshold at which a packet may be written, in kilobytes below the buffer's end. */
    private static final int TX_LONGEST_KB = 10;
    private static final int MAX_REQUESTS = 0xfff;

    private final Registers regs;
    private final IxgbeChip chip;
    private final IxgbeNvm nvm;
    private final IxgbeSemaphores semaphores;
    private boolean known;
    private int usual;
    private int usual2;

    IxgbeMac(Registers regs, IxgbeChip chip, IxgbeNvm nvm, IxgbeSemaphores semaphores) {
        this.regs = regs;
        this.chip = chip;
        this.nvm = nvm;
        this.semaphores = semaphores;
    }

    /** After a reset: the link settings that were found at the first one. */
    void restore(String operation) {
        if (!chip.has(Trait.AUTOC)) {
            return;
        }
        enableLink();
        int autoc = regs.read(AUTOC);
        int autoc2 = regs.read(AUTOC2);
        if (!known) {
            known = true;
            usual = autoc;
            usual2 = autoc2;
            return;
        }
        if (autoc != usual) {
            write(operation, usual);
        }
        if ((autoc2 & AUTOC2_UPPER_MASK) != (usual2 & AUTOC2_UPPER_MASK)) {
            regs.change(AUTOC2, AUTOC2_UPPER_MASK, usual2 & AUTOC2_UPPER_MASK);
        }
    }

    /** The NVM may keep the link down until a driver is there. */
    private void enableLink() {
        if ((regs.read(AUTOC2) & AUTOC2_LINK_DISABLE) != 0) {
            regs.change(AUTOC2, AUTOC2_LINK_DISABLE, 0);
            regs.read(STATUS);
        }
    }

    /** AUTOC as the NVM has it. */
    int usual() {
        return usual;
    }

    /**
     * Writes AUTOC and restarts the link with it; nothing while firmware vetoes that. Firmware that
     * establishes links itself is kept off meanwhile.
     */
    void write(String operation, int autoc) {
        if ((regs.read(MMNGC) & MMNGC_MNG_VETO) != 0) {
            return;
        }
        if (nvm.firmwareSetsLink(operation)) {
            int _ = semaphores.withLink(operation, () -> restart(autoc));
        } else {
            restart(autoc);
        }
    }

    /** The pipeline takes a new AUTOC for sure only when the link mode changes for a moment. */
    private int restart(int autoc) {
        enableLink();
        int wanted = autoc | AUTOC_AN_RESTART;
        regs.write(AUTOC, autoc);
        regs.write(AUTOC, wanted ^ LMS_HIGH);
        long deadline = System.nanoTime() + PIPELINE_TIMEOUT_MICROS * 1_000L;
        // A link without a partner need not get that far.
        while ((regs.read(ANLP1) & ANLP1_AN_STATE) == 0 && System.nanoTime() - deadline < 0) {
            Registers.delayMicros(1_000);
        }
        regs.write(AUTOC, wanted);
        return regs.read(STATUS);
    }

    /** Sends what comes from the queues back to them, until {@link #endLoopBack}. */
    void loopBack() {
        regs.change(HLREG0, 0, HLREG0_LPBK);
        if (chip.has(Trait.AUTOC)) {
            // Without a link nothing is sent, and the cable may have none.
            write("selfTest", LMS_10G_WITHOUT_NEGOTIATION | AUTOC_FLU);
        } else {
            regs.change(MACC, 0, MACC_FLU | MACC_FSV_10G | MACC_FS);
        }
        regs.read(STATUS);
    }

    void endLoopBack() {
        regs.change(HLREG0, HLREG0_LPBK, 0);
        if (chip.has(Trait.AUTOC)) {
            write("selfTest", usual);
        } else {
            regs.change(MACC, MACC_FLU | MACC_FSV_10G | MACC_FS, 0);
        }
    }

    /** One traffic class with all of both packet buffers, 4.6.11.3.4. */
    void init() {
        for (int i = 0; i < RXPBSIZE.count(); i++) {
            regs.write(RXPBSIZE, i, i == 0 ? rxBufferKilobytes() << PBSIZE_SHIFT : 0);
            regs.write(TXPBSIZE, i, i == 0 ? TX_BUFFER_KB << PBSIZE_SHIFT : 0);
            regs.write(TXPBTHRESH, i, i == 0 ? TX_BUFFER_KB - TX_LONGEST_KB : 0);
        }
        regs.write(DTXMXSZRQ, MAX_REQUESTS);
        // MTQC is written with the arbiter off: 64 queues, one class.
        regs.change(RTTDCS, 0, RTTDCS_ARBDIS);
        regs.write(MTQC, 0);
        regs.change(RTTDCS, RTTDCS_ARBDIS, 0);
    }

    /** How much the chip can store of what was received, beside the table of flows. */
    int rxBufferKilobytes() {
        return chip.rxBufferKilobytes - IxgbeFlows.BUFFER_KILOBYTES;
    }
}
