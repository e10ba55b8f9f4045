// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.ReceivePath;
import io.vpmd.spi.hw.model.RegisterFile;

/** From the wire through the filters into the packet buffer, and from there into rings, 7.1. */
final class IgbModelRx extends ReceivePath {
    private static final int CRC = 4;
    private static final int MAX_SHORT = 1522;
    private static final int DESCTYPE_ADVANCED = 1;

    private final IgbModel model;
    private final RegisterFile regs;
    private final IgbModelFilters filters;
    private final DescriptorRings rings;
    private final IgbModelRxInfo info;
    private boolean noted;

    IgbModelRx(IgbModel model) {
        this(model, rings(model), new IgbModelFilters(model));
    }

    private IgbModelRx(IgbModel model, DescriptorRings rings, IgbModelFilters filters) {
        this(model, rings, filters, new IgbModelRxInfo(model, filters));
    }

    private IgbModelRx(
            IgbModel model, DescriptorRings rings, IgbModelFilters filters, IgbModelRxInfo info) {
        super(model, rings, info, model.chip().rxBufferKilobytes * 1024);
        this.model = model;
        this.rings = rings;
        this.filters = filters;
        this.info = info;
        regs = model.registers();
        if (model.chip().dropsStay()) {
            regs.onRead(RQDPC, (_, stored) -> stored).onWrite(RQDPC, (_, _, written) -> written);
        }
        regs.onWrite(RCTL, (_, stored, written) -> control(stored, written));
    }

    private static DescriptorRings rings(IgbModel model) {
        return new DescriptorRings(
                model,
                model.writeBacks(),
                new DescriptorRings.Layout(RDBAL, RDBAH, RDLEN, RDH, RDT, RXDCTL),
                model.chip().ringLengthBits(),
                () -> model.has(IgbFault.STUCK_RX_ENABLE),
                () -> model.has(IgbFault.STUCK_RX_DISABLE),
                () -> model.interrupts().other(ICR_FER));
    }

    void reset() {
        clear();
        rings.reset();
        noted = false;
    }

    private int control(int stored, int written) {
        if ((stored & ~written & RCTL_EN) != 0) {
            clear();
        }
        return written;
    }

    private boolean enabled() {
        return (regs.get(RCTL) & RCTL_EN) != 0;
    }

    @Override
    protected boolean listens() {
        return model.link().up() && !model.link().loopback();
    }

    /** Takes frames off the wire and gives packets to rings. */
    int turn(long now) {
        return move(now);
    }

    @Override
    public void arrive(byte[] bytes, int length) {
        if (!enabled()) {
            return;
        }
        Counters stats = model.stats();
        int size = length + CRC;
        stats.add(IgbModelStats.TPR);
        stats.add(IgbModelStats.TOR, size);
        if (model.flowControl().control(bytes, length) && (regs.get(RCTL) & RCTL_PMCF) == 0) {
            return;
        }
        if (!filters.passes(bytes, length)) {
            return;
        }
        if (size > longest()) {
            stats.add(IgbModelStats.ROC);
            return;
        }
        if (!keep(bytes, length)) {
            stats.add(IgbModelStats.MPC);
            return;
        }
        stats.add(IgbModelStats.GPRC);
        stats.add(IgbModelStats.GORC, size);
        stats.addSize(IgbModelStats.PRC64, size);
        int kind = Destination.kind(bytes);
        if (kind != Destination.UNICAST) {
            stats.add(kind == Destination.BROADCAST ? IgbModelStats.BPRC : IgbModelStats.MPRC);
        }
    }

    private int longest() {
        return (regs.get(RCTL) & RCTL_LPE) != 0 ? regs.get(RLPML) & 0x3fff : MAX_SHORT;
    }

    /** One that finds no descriptors waits, unless its queue drops. */
    @Override
    protected boolean deliverFirst(long now) {
        int length = first();
        length = info.look(frame, length);
        int queue = info.queue();
        if ((regs.get(RCTL) & RCTL_SECRC) == 0) {
            length = appendCrc(length);
        }
        int room = bufferBytes(queue);
        int needed = (length + room - 1) / room;
        if (rings.runs(queue) && rings.available(queue) >= needed) {
            put(queue, length, room, needed, now);
            done();
            return true;
        }
        if (!noted) {
            noted = true;
            model.stats().add(IgbModelStats.RNBC);
        }
        if ((regs.get(SRRCTL, queue) & SRRCTL_DROP_EN) == 0) {
            return false;
        }
        regs.set(RQDPC, queue, regs.get(RQDPC, queue) + 1);
        done();
        return true;
    }

    private void done() {
        dropFirst();
        noted = false;
    }

    private int bufferBytes(int queue) {
        int srrctl = regs.get(SRRCTL, queue);
        if ((srrctl >>> 25 & 7) != DESCTYPE_ADVANCED && rings.runs(queue)) {
            model.violations().add("SRRCTL.DESCTYPE is none that is modelled");
        }
        int kilobytes = srrctl & 0x7f;
        // 0 leaves it to RCTL.BSIZE, of which only the default is modelled.
        return kilobytes == 0 ? 2048 : kilobytes * 1024;
    }

    @Override
    protected void delivered(int queue, int bytes) {
        Counters stats = model.stats();
        stats.add(IgbModelStats.RPTHC);
        stats.add(IgbModelStats.HGORC, bytes);
        model.interrupts().received(queue);
    }
}
