// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

/**
 * Receive side coalescing, 4.6.7.2 and 7.11: what has to be set beside the queues. A packet is
 * complete at the latest when the throttle of its queue's vector lets an interrupt pass, whether
 * that is masked or not.
 */
final class IxgbeRsc {
    /* 20,000 packets a second at the least; at 10 Gb/s a packet grows to its 64 KB before. */
    private static final int INTERVAL_MICROS = 50;
    /* RSCCTL.MAXDESC: 1, 4, 8 or 16 descriptors, which together are to stay below 64 KB. */
    private static final int MOST_BYTES = 65_535;
    private static final int[] MOST_DESCRIPTORS = {16, 8, 4};

    private final Registers regs;
    private final IxgbeInterrupts interrupts;

    IxgbeRsc(Registers regs, IxgbeInterrupts interrupts) {
        this.regs = regs;
        this.interrupts = interrupts;
    }

    /**
     * Refuses what cannot be.
     *
     * @throws PortException when packets are to be coalesced that may not take several buffers
     */
    static void check(String port, PortConfig config) {
        if (wanted(config) && !config.rxOffloads().contains(RxOffload.SCATTER)) {
            throw new PortException(
                    "configure",
                    port,
                    RxOffload.TCP_LRO + " makes packets that take several buffers",
                    "request " + RxOffload.SCATTER + " too");
        }
    }

    static boolean wanted(PortConfig config) {
        return config.rxOffloads().contains(RxOffload.TCP_LRO);
    }

    /** RSCCTL of a queue whose buffers have this room. */
    static int control(int bufferKilobytes) {
        int code = MOST_DESCRIPTORS.length;
        for (int descriptors : MOST_DESCRIPTORS) {
            if (descriptors * bufferKilobytes * 1024 <= MOST_BYTES) {
                return RSCCTL_RSCEN | code << RSCCTL_MAXDESC_SHIFT;
            }
            code--;
        }
        return RSCCTL_RSCEN;
    }

    /** Before queues are started, and after their vectors were given to them. */
    void apply(PortConfig config) {
        boolean on = wanted(config);
        regs.change(RFCTL, RFCTL_RSC_DIS, on ? 0 : RFCTL_RSC_DIS);
        set(RDRXCTL, 0, RDRXCTL_RSCACKC, on);
        // Acknowledgements without data are not held back.
        set(RSCDBU, 0, RSCDBU_RSCACKDIS, on);
        for (int q = 0; q < config.rxQueues(); q++) {
            // Headers are not split off, and yet have to be found, 4.6.7.2.1.
            set(PSRTYPE, q, PSRTYPE_TCPHDR, on);
        }
        interrupts.setRscInterval(config.rxQueues(), on ? INTERVAL_MICROS : 0);
    }

    private void set(Register register, int index, int bits, boolean on) {
        int value = regs.read(register, index);
        if (((value & bits) != 0) != on) {
            regs.write(register, index, on ? value | bits : value & ~bits);
        }
    }
}
