// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.ring.RxInterrupt;
import io.vpmd.spi.hw.ring.RxMeaning;
import io.vpmd.spi.hw.ring.RxRing;

import org.jspecify.annotations.Nullable;

/** A receive queue: how one of this family is started and ended, 4.6.7. */
final class IxgbeRxQueue extends RxRing {
    private static final int ENABLE_TIMEOUT_MICROS = 10_000;
    private static final int DISABLE_TIMEOUT_MICROS = 10_000;
    /* 4.6.7.1.2: what the queue has begun to write ends in that time. */
    private static final int QUIET_MICROS = 100;
    /* L4E; IPE is above it, 7.1.6.2. */
    private static final int ERROR_SHIFT = 30;

    private final Registers regs;
    private final boolean strip;
    private final boolean coalesces;

    IxgbeRxQueue(
            int index,
            int port,
            Bus bus,
            Registers regs,
            IxgbeChip chip,
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
                new RxMeaning(
                        config.rxOffloads(), ERROR_SHIFT, chip.has(Trait.ZERO_UDP_CHECKSUM_ERROR)),
                interrupt);
        this.regs = regs;
        this.strip = config.rxOffloads().contains(RxOffload.VLAN_STRIP);
        this.coalesces = IxgbeRsc.wanted(config);
    }

    @Override
    public void start(int bufferKilobytes, boolean drop) {
        fill();
        int q = index();
        regs.writeAddress(RDBAL, RDBAH, q, busAddress());
        regs.write(RDLEN, q, bytes());
        // Coalescing wants a header's size, though headers stay where they are, 4.6.7.2.1.
        regs.write(
                SRRCTL,
                q,
                bufferKilobytes
                        | SRRCTL_DESCTYPE_ADVANCED
                        | (coalesces ? SRRCTL_BSIZEHEADER_128 : 0)
                        | (drop ? SRRCTL_DROP_EN : 0));
        int rsc = coalesces ? IxgbeRsc.control(bufferKilobytes) : 0;
        if (regs.read(RSCCTL, q) != rsc) {
            regs.write(RSCCTL, q, rsc);
        }
        regs.write(RDH, q, 0);
        regs.write(RDT, q, 0);
        regs.write(RXDCTL, q, XDCTL_ENABLE | (strip ? RXDCTL_VME : 0));
        regs.await(
                "start", RXDCTL, q, XDCTL_ENABLE, XDCTL_ENABLE, ENABLE_TIMEOUT_MICROS, "a queue");
    }

    @Override
    public void disable() {
        regs.change(RXDCTL, index(), XDCTL_ENABLE, 0);
        regs.await(
                "stop", RXDCTL, index(), XDCTL_ENABLE, 0, DISABLE_TIMEOUT_MICROS, "a queue to end");
        Registers.delayMicros(QUIET_MICROS);
    }
}
