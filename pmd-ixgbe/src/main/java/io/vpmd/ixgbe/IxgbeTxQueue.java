// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaPools;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.TxRing;

/** A transmit queue: how one of this family is started and ended, 4.6.8. */
final class IxgbeTxQueue extends TxRing {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;
    private static final int DISABLE_TIMEOUT_MICROS = 10_000;
    private static final int DRAIN_TIMEOUT_MICROS = 100_000;
    /* Descriptors that are fetched ahead. */
    private static final int PTHRESH = 32;

    private final Registers regs;

    IxgbeTxQueue(int index, Bus bus, Registers regs, DmaPools pools, PortConfig config) {
        super(
                index,
                bus,
                regs.mmio(),
                TDT.at(index),
                pools,
                config,
                IxgbeCapabilities.MAX_SEGMENTS);
        this.regs = regs;
    }

    @Override
    public void start() {
        restart();
        int q = index();
        regs.writeAddress(TDBAL, TDBAH, q, busAddress());
        regs.write(TDLEN, q, bytes());
        regs.write(TDH, q, 0);
        regs.write(TDT, q, 0);
        // No head write-back: descriptors report themselves.
        regs.write(TDWBAL, q, 0);
        regs.write(TDWBAH, q, 0);
        // 7.2.3.4.1: WTHRESH must be 0 where not every descriptor asks for a report.
        regs.write(TXDCTL, q, XDCTL_ENABLE | 1 << XDCTL_HTHRESH_SHIFT | PTHRESH);
        regs.await(
                "start", TXDCTL, q, XDCTL_ENABLE, XDCTL_ENABLE, ENABLE_TIMEOUT_MICROS, "a queue");
    }

    @Override
    public void disable() {
        int q = index();
        regs.reaches("stop", TDH, q, 0xffff, end(), DRAIN_TIMEOUT_MICROS);
        regs.change(TXDCTL, q, XDCTL_ENABLE, 0);
        regs.await("stop", TXDCTL, q, XDCTL_ENABLE, 0, DISABLE_TIMEOUT_MICROS, "a queue to end");
    }
}
