// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPath;

import java.util.Arrays;

/** From rings of advanced descriptors, 7.2.3, through the packet buffer onto the wire. */
final class IxgbeModelTx extends TransmitPath {
    private static final int RING_LENGTH_BITS = 0x000f_ff80;
    private static final long EOP = 1L << 24;
    private static final long TIMESTAMP = 1L << 19;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final boolean[] stamped = new boolean[IxgbeModelChip.QUEUES];
    private long segmented;

    IxgbeModelTx(IxgbeModel model) {
        super(
                model,
                rings(model),
                IxgbeModelChip.QUEUES,
                TDWBAL,
                TDWBAH,
                new IxgbeModelTxSettings(model.registers()));
        this.model = model;
        regs = model.registers();
    }

    private static DescriptorRings rings(IxgbeModel model) {
        return new DescriptorRings(
                model,
                model.writeBacks(),
                new DescriptorRings.Layout(TDBAL, TDBAH, TDLEN, TDH, TDT, TXDCTL),
                RING_LENGTH_BITS,
                () -> model.has(IxgbeFault.STUCK_TX_ENABLE) || !enabled(model.registers()),
                () -> model.has(IxgbeFault.STUCK_TX_DISABLE),
                () -> model.interrupts().other(EICR_PCI));
    }

    /** Without it no queue can be enabled, 4.6.8. */
    private static boolean enabled(RegisterFile regs) {
        return (regs.get(DMATXCTL) & DMATXCTL_TE) != 0;
    }

    @Override
    public void reset() {
        super.reset();
        Arrays.fill(stamped, false);
    }

    @Override
    protected boolean fetches() {
        return enabled(regs) && !model.has(IxgbeFault.STALLED_TX);
    }

    @Override
    protected boolean mayFetch(int queue, long now) {
        return model.rates().may(queue, now);
    }

    @Override
    protected void taken(int queue, long high) {
        stamped[queue] |= (high & TIMESTAMP) != 0;
        if (stamped[queue] && (high & EOP) != 0) {
            stamped[queue] = false;
            model.ptp().sent();
        }
    }

    @Override
    protected boolean pads() {
        return (regs.get(HLREG0) & HLREG0_TXPADEN) != 0;
    }

    @Override
    protected boolean mayLeave() {
        return model.link().up() && !model.flowControl().paused();
    }

    @Override
    protected boolean loop(byte[] bytes, int length) {
        if (!model.link().loopback()) {
            return false;
        }
        model.rx().arrive(bytes, length);
        return true;
    }

    @Override
    protected void queued(int queue, int length, boolean fits) {
        model.rates().fetched(queue, length);
        if (fits) {
            int set = regs.get(TQSM, queue / 4) >>> (8 * (queue % 4)) & 0xf;
            model.stats().add(IxgbeModelStats.QPTC, set, 1);
            model.stats().add(IxgbeModelStats.QBTC, set, length);
        }
    }

    @Override
    protected void reported(int queue) {
        model.interrupts().sent(queue);
    }

    /** The device has no register for these. */
    @Override
    public void badLength() {}

    @Override
    public void segmented() {
        segmented++;
    }

    /** Packets that were cut into segments so far. */
    long segmentedPackets() {
        return segmented;
    }

    @Override
    protected void count(byte[] sent, int size) {
        Counters stats = model.stats();
        stats.add(IxgbeModelStats.TPT);
        stats.add(IxgbeModelStats.GPTC);
        stats.add(IxgbeModelStats.GOTC, size);
        stats.addSize(IxgbeModelStats.PTC64, size);
        int kind = Destination.kind(sent);
        if (kind != Destination.UNICAST) {
            stats.add(kind == Destination.BROADCAST ? IxgbeModelStats.BPTC : IxgbeModelStats.MPTC);
        }
    }
}
