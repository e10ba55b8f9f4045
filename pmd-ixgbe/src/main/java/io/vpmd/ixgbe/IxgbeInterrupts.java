// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicInterrupts;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.sys.EventFd;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Interrupts of the family, 7.3: queues have the lower half of EICR, a bit for each of 16 vectors,
 * other causes the upper half. Where there is one vector for everything, queues share bit 0.
 */
final class IxgbeInterrupts extends NicInterrupts {
    private static final int ALL = -1;
    private static final int MOST_VECTORS = 16;
    private static final int QUEUES = 0xffff;
    private static final int SHARED = 1;

    private final Registers regs;
    private final boolean cage;
    private final AtomicBoolean moduleCame = new AtomicBoolean();

    IxgbeInterrupts(Bus bus, Registers regs, IxgbeChip.Model model) {
        super(bus, IxgbeChip.QUEUES, mostVectors(bus, model.chip()));
        this.regs = regs;
        cage = model.media() == IxgbeChip.Media.SFP;
    }

    /** Whether a module was plugged in since the last time that this was asked. */
    boolean moduleCame() {
        return moduleCame.getAndSet(false);
    }

    /** X550 erratum 22: nothing tells that its interrupt line is raised, so that it is polled. */
    private static int mostVectors(Bus bus, IxgbeChip chip) {
        return chip.has(Trait.NO_LINE_STATUS) && !bus.msix() ? 0 : MOST_VECTORS;
    }

    @Override
    protected RxInterrupt interrupt(EventFd event, int vector, boolean shared) {
        int mask = msix() ? 1 << vector : SHARED;
        return new RxInterrupt(regs.mmio(), event, mask, EICR, EIMS, EIMC, STATUS, shared);
    }

    /** 4.6.3.1 and 7.3.4. */
    @Override
    protected void unmask(int rxQueues) {
        int pins = cage ? GPIE_SDP2 : 0;
        if (msix()) {
            // A message clears its queues' bit of EICR and masks it; reading EICR clears others.
            regs.write(GPIE, GPIE_MULTIPLE_MSIX | GPIE_OCD | GPIE_EIAME | GPIE_PBA_SUPPORT | pins);
            regs.write(EIAC, QUEUES);
            regs.write(EIAM, QUEUES);
        } else {
            regs.write(GPIE, pins);
            regs.write(EIAC, 0);
            regs.write(EIAM, 0);
        }
        for (int q = 0; q < IxgbeChip.QUEUES; q++) {
            allocate(q, q < rxQueues ? vectorOf(q) | IVAR_VALID : 0);
        }
        regs.write(IVAR_MISC, (OTHER | IVAR_VALID) << IVAR_OTHER_SHIFT);
        regs.write(EIMS, EICR_LSC | (cage ? EICR_GPI_SDP2 : 0));
    }

    /** Receive causes have byte 0 of a queue's pair, and byte 2; transmit has none. */
    private void allocate(int queue, int entry) {
        int shift = (queue & 1) != 0 ? 16 : 0;
        regs.change(IVAR, queue >> 1, 0xffff << shift, entry << shift);
    }

    /**
     * Lets packets grow for this long at most, 7.11.2; 0 where nothing is coalesced. A queue needs
     * a vector for that, also where no interrupt arrives.
     */
    void setRscInterval(int rxQueues, int micros) {
        for (int q = 0; q < rxQueues; q++) {
            if (micros > 0) {
                allocate(q, vectorOf(q) | IVAR_VALID);
            }
            // In units of 2 us from bit 3 on.
            int wanted = (micros / 2) << 3;
            if ((regs.read(EITR, vectorOf(q)) & EITR_INTERVAL) != wanted) {
                regs.write(EITR, vectorOf(q), wanted | EITR_CNT_WDIS);
            }
        }
    }

    @Override
    protected void maskAll() {
        regs.write(EIMC, ALL);
    }

    @Override
    protected void maskVector(int vector) {
        regs.write(EIMC, 1 << vector);
    }

    @Override
    protected void maskQueues() {
        regs.write(EIMC, SHARED);
    }

    @Override
    protected void raise() {
        regs.write(EICS, EICR_LSC);
    }

    @Override
    protected void clear() {
        int causes = regs.readAndClear(EICR, 0);
        if (cage && causes != -1 && (causes & EICR_GPI_SDP2) != 0) {
            moduleCame.set(true);
        }
    }
}
