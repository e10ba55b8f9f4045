// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicInterrupts;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.sys.EventFd;

/**
 * Interrupts of the family, 7.3: vectors through EICR, and ICR for the other causes; where there is
 * one vector for everything, queues share ICR.RXDW.
 */
final class IgbInterrupts extends NicInterrupts {
    private static final int ALL = -1;
    private static final int MOST_VECTORS = 25;

    private final Registers regs;
    private final IgbChip chip;

    IgbInterrupts(Bus bus, Registers regs, IgbChip chip) {
        super(bus, chip.queues, MOST_VECTORS);
        this.regs = regs;
        this.chip = chip;
    }

    @Override
    protected RxInterrupt interrupt(EventFd event, int vector, boolean shared) {
        return msix()
                ? new RxInterrupt(regs.mmio(), event, 1 << vector, EICR, EIMS, EIMC, STATUS, shared)
                : new RxInterrupt(regs.mmio(), event, ICR_RXDW, ICR, IMS, IMC, STATUS, shared);
    }

    /** 4.5.8. */
    @Override
    protected void unmask(int rxQueues) {
        // Reading ICR masks nothing.
        regs.write(IAM, 0);
        if (msix()) {
            // Reading ICR clears it; a message clears its bit of EICR, and masks a queue's.
            regs.write(GPIE, GPIE_NSICR | GPIE_MULTIPLE_MSIX | GPIE_EIAME | GPIE_PBA_SUPPORT);
            int all = (1 << vectors()) - 1;
            regs.write(EIAC, all);
            regs.write(EIAM, all & ~(1 << OTHER));
            for (int q = 0; q < chip.queues; q++) {
                allocate(q, q < rxQueues ? vectorOf(q) | IVAR_VALID : 0);
            }
            regs.write(IVAR_MISC, (OTHER | IVAR_VALID) << IVAR_OTHER_SHIFT);
            regs.write(EIMS, 1 << OTHER);
        } else {
            regs.write(GPIE, GPIE_NSICR);
        }
        regs.write(IMS, ICR_LSC);
    }

    /** Receive causes have byte 0 of a queue's pair, and byte 2, 7.3.2; transmit has none. */
    private void allocate(int queue, int entry) {
        // The 82576 puts queues 0 and 8 into one register, its successors 0 and 1.
        boolean apart = chip.has(Trait.IVAR_APART);
        int register = apart ? queue & 7 : queue >> 1;
        boolean second = apart ? queue > 7 : (queue & 1) != 0;
        int shift = second ? 16 : 0;
        regs.change(IVAR, register, 0xffff << shift, entry << shift);
    }

    @Override
    protected void maskAll() {
        regs.write(IMC, ALL);
        regs.write(EIMC, ALL);
    }

    @Override
    protected void maskVector(int vector) {
        regs.write(EIMC, 1 << vector);
    }

    @Override
    protected void maskQueues() {
        regs.write(IMC, ICR_RXDW);
    }

    @Override
    protected void raise() {
        if (msix()) {
            regs.write(EICS, 1 << OTHER);
        } else {
            regs.write(ICS, ICR_LSC);
        }
    }

    @Override
    protected void clear() {
        regs.readAndClear(ICR, 0);
    }
}
