// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaPools;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.TxRing;

/** A transmit queue: how one of this family is started and ended, 4.5.10. */
final class IgbTxQueue extends TxRing {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;
    private static final int DISABLE_TIMEOUT_MICROS = 10_000;
    private static final int DRAIN_TIMEOUT_MICROS = 100_000;

    private final Registers regs;

    IgbTxQueue(int index, Bus bus, Registers regs, DmaPools pools, PortConfig config) {
        super(index, bus, regs.mmio(), TDT.at(index), pools, config, IgbCapabilities.MAX_SEGMENTS);
        this.regs = regs;
    }

    /** Lets the device send; TCTL.EN is set. */
    @Override
    public void start() {
        restart();
        int q = index();
        // Queue 0 is enabled after a reset, and base and length of such a one must stay.
        switchOff("start");
        regs.writeAddress(TDBAL, TDBAH, q, busAddress());
        regs.write(TDLEN, q, bytes());
        regs.write(TDH, q, 0);
        regs.write(TDT, q, 0);
        // No head write-back: descriptors report themselves.
        regs.write(TDWBAL, q, 0);
        regs.write(TDWBAH, q, 0);
        // 82576 erratum: with a WTHRESH above 1 the last descriptors may never be written back.
        regs.write(
                TXDCTL, q, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT | 1 << XDCTL_HTHRESH_SHIFT | 8);
        regs.await(
                "start", TXDCTL, q, XDCTL_ENABLE, XDCTL_ENABLE, ENABLE_TIMEOUT_MICROS, "a queue");
    }

    /** 4.5.10.1. */
    @Override
    public void disable() {
        regs.reaches("stop", TDH, index(), 0xffff, end(), DRAIN_TIMEOUT_MICROS);
        switchOff("stop");
    }

    private void switchOff(String operation) {
        int q = index();
        regs.change(TXDCTL, q, XDCTL_ENABLE, 0);
        regs.await(operation, TXDCTL, q, XDCTL_ENABLE, 0, DISABLE_TIMEOUT_MICROS, "a queue to end");
    }
}
