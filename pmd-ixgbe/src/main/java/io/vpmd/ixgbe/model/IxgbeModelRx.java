// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.ReceivePath;
import io.vpmd.spi.hw.model.RegisterFile;

/** From the wire through the filters into the packet buffer, and from there into rings, 7.1. */
final class IxgbeModelRx extends ReceivePath {
    private static final int CRC = 4;
    private static final int TAG = 4;
    private static final int MAX_SHORT = 1518;
    private static final int DESCTYPE_ADVANCED = 1;
    private static final int RING_LENGTH_BITS = 0x000f_ff80;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final IxgbeModelFilters filters;
    private final DescriptorRings rings;
    private final IxgbeModelRxInfo info;
    private final IxgbeModelRsc rsc;

    IxgbeModelRx(IxgbeModel model) {
        this(model, rings(model), new IxgbeModelFilters(model));
    }

    private IxgbeModelRx(IxgbeModel model, DescriptorRings rings, IxgbeModelFilters filters) {
        this(model, rings, filters, new IxgbeModelRxInfo(model, filters));
    }

    private IxgbeModelRx(
            IxgbeModel model,
            DescriptorRings rings,
            IxgbeModelFilters filters,
            IxgbeModelRxInfo info) {
        super(model, rings, info, model.chip().rxBufferKilobytes() * 1024);
        this.model = model;
        this.rings = rings;
        this.filters = filters;
        this.info = info;
        regs = model.registers();
        rsc = new IxgbeModelRsc(model, rings, this::count);
        regs.onWrite(RXCTRL, (_, stored, written) -> control(stored, written));
    }

    private static DescriptorRings rings(IxgbeModel model) {
        return new DescriptorRings(
                model,
                model.writeBacks(),
                new DescriptorRings.Layout(RDBAL, RDBAH, RDLEN, RDH, RDT, RXDCTL),
                RING_LENGTH_BITS,
                () -> model.has(IxgbeFault.STUCK_RX_ENABLE),
                () -> model.has(IxgbeFault.STUCK_RX_DISABLE),
                () -> model.interrupts().other(EICR_PCI));
    }

    void reset() {
        clear();
        rsc.reset();
        rings.reset();
    }

    private int control(int stored, int written) {
        if ((stored & ~written & RXCTRL_RXEN) != 0) {
            clear();
            rsc.completeAll(model.clock().nanos());
        }
        if ((~stored & written & RXCTRL_RXEN) != 0) {
            checkCrcStrip();
        }
        return written;
    }

    /** Both places have to say the same, 8.2.3.8.8. */
    private void checkCrcStrip() {
        boolean mac = (regs.get(HLREG0) & HLREG0_RXCRCSTRP) != 0;
        boolean dma = (regs.get(RDRXCTL) & RDRXCTL_CRCSTRIP) != 0;
        if (mac != dma) {
            model.violations().add("HLREG0.RXCRCSTRP and RDRXCTL.CRCSTRIP differ");
        }
    }

    private boolean enabled() {
        return (regs.get(RXCTRL) & RXCTRL_RXEN) != 0
                && (regs.get(SECRXCTRL) & SECRXCTRL_RX_DIS) == 0;
    }

    @Override
    protected boolean listens() {
        return model.link().up() && !model.link().loopback();
    }

    /** Takes frames off the wire and gives packets to rings. */
    int turn(long now) {
        return move(now) + rsc.turn(now);
    }

    /** Nanoseconds until a packet that grows is complete, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        return rsc.nanosToNext(now, otherwise);
    }

    @Override
    public void arrive(byte[] bytes, int length) {
        if (!enabled()) {
            return;
        }
        Counters stats = model.stats();
        int size = length + CRC;
        stats.add(IxgbeModelStats.TPR);
        stats.add(IxgbeModelStats.TOR, size);
        if (model.flowControl().control(bytes, length) || !filters.passes(bytes, length)) {
            return;
        }
        if (size > longest(bytes, length)) {
            stats.add(IxgbeModelStats.ROC);
            return;
        }
        model.ptp().received(bytes, length);
        // An erratum of the 82599: also what is missed below counts as good.
        stats.add(IxgbeModelStats.GPRC);
        stats.add(IxgbeModelStats.GORC, size);
        stats.addSize(IxgbeModelStats.PRC64, size);
        int kind = Destination.kind(bytes);
        if (kind != Destination.UNICAST) {
            stats.add(kind == Destination.BROADCAST ? IxgbeModelStats.BPRC : IxgbeModelStats.MPRC);
        }
        if (!keep(bytes, length)) {
            stats.add(IxgbeModelStats.RXMPC, 0, 1);
            model.interrupts().other(EICR_RX_MISS);
        }
    }

    /** Tags do not count. */
    private int longest(byte[] bytes, int length) {
        boolean jumbo = (regs.get(HLREG0) & HLREG0_JUMBOEN) != 0;
        int tags = filters.outerTags(bytes, length) + (filters.tag(bytes, length) >= 0 ? 1 : 0);
        return (jumbo ? regs.get(MAXFRS) >>> 16 : MAX_SHORT) + tags * TAG;
    }

    /** One that finds no descriptors waits, unless its queue drops. */
    @Override
    protected boolean deliverFirst(long now) {
        int length = first();
        length = info.look(frame, length);
        int queue = info.queue();
        if (info.dropped()) {
            done();
            return true;
        }
        if ((regs.get(HLREG0) & HLREG0_RXCRCSTRP) == 0) {
            length = appendCrc(length);
        }
        int room = bufferBytes(queue);
        if (rsc.take(queue, frame, length, info.tags(), info.good(), info, room, now)) {
            done();
            return true;
        }
        int needed = (length + room - 1) / room;
        int available = rings.runs(queue) ? rings.available(queue) : 0;
        if (available >= needed) {
            done();
            put(queue, length, room, needed, now);
            return true;
        }
        if (rings.enabled(queue) && (regs.get(SRRCTL, queue) & SRRCTL_DROP_EN) == 0) {
            return false;
        }
        done();
        model.stats().add(IxgbeModelStats.QPRDC, counterSet(RQSMR, queue), 1);
        return true;
    }

    private void done() {
        dropFirst();
        info.count();
    }

    private int counterSet(Register map, int queue) {
        return regs.get(map, queue / 4) >>> (8 * (queue % 4)) & 0xf;
    }

    private int bufferBytes(int queue) {
        int srrctl = regs.get(SRRCTL, queue);
        if ((srrctl >>> 25 & 7) != DESCTYPE_ADVANCED && rings.runs(queue)) {
            model.violations().add("SRRCTL.DESCTYPE is none that is modelled");
        }
        return Math.max(srrctl & 0x1f, 1) * 1024;
    }

    /** Packets that were put together from several so far. */
    long coalescedPackets() {
        return rsc.coalesced();
    }

    @Override
    protected void delivered(int queue, int bytes) {
        count(queue, 1, bytes);
    }

    private void count(int queue, int packets, int bytes) {
        int set = counterSet(RQSMR, queue);
        model.stats().add(IxgbeModelStats.QPRC, set, packets);
        model.stats().add(IxgbeModelStats.QBRC, set, bytes);
        model.interrupts().received(queue);
    }
}
