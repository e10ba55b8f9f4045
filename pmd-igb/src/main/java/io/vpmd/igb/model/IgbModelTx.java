// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPath;

/** From rings of advanced descriptors, 7.2.2, through the packet buffer onto the wire. */
final class IgbModelTx extends TransmitPath {
    private final IgbModel model;
    private final RegisterFile regs;

    IgbModelTx(IgbModel model) {
        super(
                model,
                rings(model),
                model.chip().queues,
                TDWBAL,
                TDWBAH,
                new IgbModelTxSettings(model.registers()));
        this.model = model;
        regs = model.registers();
    }

    private static DescriptorRings rings(IgbModel model) {
        return new DescriptorRings(
                model,
                model.writeBacks(),
                new DescriptorRings.Layout(TDBAL, TDBAH, TDLEN, TDH, TDT, TXDCTL),
                model.chip().ringLengthBits(),
                () -> model.has(IgbFault.STUCK_TX_ENABLE),
                () -> model.has(IgbFault.STUCK_TX_DISABLE),
                () -> model.interrupts().other(ICR_FER));
    }

    @Override
    protected boolean fetches() {
        return (regs.get(TCTL) & TCTL_EN) != 0 && !model.has(IgbFault.STALLED_TX);
    }

    @Override
    protected boolean pads() {
        return (regs.get(TCTL) & TCTL_PSP) != 0;
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
        Counters stats = model.stats();
        if (!fits) {
            stats.add(IgbModelStats.HTCBDPC);
            return;
        }
        stats.add(IgbModelStats.HGPTC);
        stats.add(IgbModelStats.HGOTC, length);
    }

    @Override
    protected void reported(int queue) {
        model.interrupts().sent(queue);
    }

    @Override
    public void badLength() {
        model.stats().add(IgbModelStats.LENERRS);
    }

    @Override
    public void segmented() {
        model.stats().add(IgbModelStats.TSCTC);
    }

    @Override
    protected void count(byte[] sent, int size) {
        Counters stats = model.stats();
        stats.add(IgbModelStats.TPT);
        stats.add(IgbModelStats.TOT, size);
        stats.add(IgbModelStats.GPTC);
        stats.add(IgbModelStats.GOTC, size);
        stats.addSize(IgbModelStats.PTC64, size);
        int kind = Destination.kind(sent);
        if (kind != Destination.UNICAST) {
            stats.add(kind == Destination.BROADCAST ? IgbModelStats.BPTC : IgbModelStats.MPTC);
        }
    }
}
