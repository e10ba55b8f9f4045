// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.hw.ring.RxMeaning;
import io.vpmd.spi.hw.ring.RxRing;

import org.jspecify.annotations.Nullable;

/** A receive queue: how one of this family is started and ended, 4.5.9. */
final class IgbRxQueue extends RxRing {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;
    private static final int DISABLE_TIMEOUT_MICROS = 10_000;
    /* L4E; IPE is above it, 7.1.5.2. */
    private static final int ERROR_SHIFT = 29;

    private final Registers regs;

    IgbRxQueue(
            int index,
            int port,
            Bus bus,
            Registers regs,
            DmaMap map,
            PortConfig config,
            @Nullable RxInterrupt interrupt) {
        super(
                index,
                port,
                bus,
                regs.mmio(),
                RDT.at(index),
                map,
                config,
                new RxMeaning(config.rxOffloads(), ERROR_SHIFT, false),
                interrupt);
        this.regs = regs;
    }

    /** Fills the ring and lets the device receive; RCTL.EN and the tail come after. */
    @Override
    public void start(int bufferKilobytes, boolean drop) {
        fill();
        int q = index();
        // Queue 0 is enabled after a reset, and base and length of such a one must stay.
        switchOff("start");
        regs.writeAddress(RDBAL, RDBAH, q, busAddress());
        regs.write(RDLEN, q, bytes());
        regs.write(
                SRRCTL,
                q,
                bufferKilobytes | SRRCTL_DESCTYPE_ADVANCED | (drop ? SRRCTL_DROP_EN : 0));
        // Setting ENABLE initializes the head; the tail must not run ahead of it.
        regs.write(RDH, q, 0);
        regs.write(RDT, q, 0);
        // 82576 erratum: descriptors written back in groups may come late, so WTHRESH is 1.
        regs.write(
                RXDCTL, q, XDCTL_ENABLE | 1 << XDCTL_WTHRESH_SHIFT | 8 << XDCTL_HTHRESH_SHIFT | 8);
        regs.await(
                "start", RXDCTL, q, XDCTL_ENABLE, XDCTL_ENABLE, ENABLE_TIMEOUT_MICROS, "a queue");
    }

    /** 4.5.9.2. */
    @Override
    public void disable() {
        switchOff("stop");
    }

    private void switchOff(String operation) {
        int q = index();
        regs.change(RXDCTL, q, XDCTL_ENABLE, 0);
        regs.await(operation, RXDCTL, q, XDCTL_ENABLE, 0, DISABLE_TIMEOUT_MICROS, "a queue to end");
    }
}
