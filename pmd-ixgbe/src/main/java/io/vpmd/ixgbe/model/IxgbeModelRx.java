// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.FrameBuffer;
import io.vpmd.spi.hw.model.RegisterFile;

import java.util.zip.CRC32;

/** From the wire through the filters into the packet buffer, and from there into rings, 7.1. */
final class IxgbeModelRx {
    private static final int FRAMES_A_TURN = 64;
    private static final int CRC = 4;
    private static final int TAG = 4;
    private static final int MAX_SHORT = 1518;
    private static final int DESCTYPE_ADVANCED = 1;
    private static final int RING_LENGTH_BITS = 0x000f_ff80;
    private static final long DD = 1;
    private static final long EOP = 1 << 1;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final IxgbeModelFilters filters;
    private final DescriptorRings rings;
    private final IxgbeModelRxInfo info;
    private final FrameBuffer buffer;
    private final byte[] frame = new byte[1 << 16];
    private final CRC32 crc = new CRC32();
    private final IxgbeModelRsc rsc;

    IxgbeModelRx(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        filters = new IxgbeModelFilters(model);
        info = new IxgbeModelRxInfo(model, filters);
        buffer = new FrameBuffer(model.chip().rxBufferKilobytes() * 1024);
        rings =
                new DescriptorRings(
                        model,
                        model.writeBacks(),
                        new DescriptorRings.Layout(RDBAL, RDBAH, RDLEN, RDH, RDT, RXDCTL),
                        RING_LENGTH_BITS,
                        () -> model.has(IxgbeFault.STUCK_RX_ENABLE),
                        () -> model.has(IxgbeFault.STUCK_RX_DISABLE),
                        () -> model.interrupts().other(EICR_PCI));
        rsc = new IxgbeModelRsc(model, rings, this::count);
        regs.onWrite(RXCTRL, (_, stored, written) -> control(stored, written));
    }

    void reset() {
        buffer.clear();
        rsc.reset();
        rings.reset();
    }

    private int control(int stored, int written) {
        if ((stored & ~written & RXCTRL_RXEN) != 0) {
            buffer.clear();
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

    /** Bytes that wait in the packet buffer. */
    int waiting() {
        return buffer.used();
    }

    /** Takes frames off the wire and gives packets to rings. */
    int turn(long now) {
        int n = 0;
        if (model.link().up() && !model.link().loopback()) {
            int length = model.wire().receive(frame);
            while (length > 0) {
                n++;
                arrive(frame, length);
                length = n < FRAMES_A_TURN ? model.wire().receive(frame) : 0;
            }
        }
        n += deliver(now);
        return n + rsc.turn(now);
    }

    /** Nanoseconds until a packet that grows is complete, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        return rsc.nanosToNext(now, otherwise);
    }

    /** A frame from the wire or, looped back, from the transmitter. */
    void arrive(byte[] bytes, int length) {
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
        if (!buffer.append(bytes, 0, length)) {
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

    private int deliver(long now) {
        int n = 0;
        while (model.mayAccess() && !buffer.isEmpty() && n < FRAMES_A_TURN && deliverFirst(now)) {
            n++;
        }
        return n;
    }

    /** False when the first packet has to wait for descriptors. */
    private boolean deliverFirst(long now) {
        int length = buffer.first(frame);
        length = info.look(frame, length);
        int queue = info.queue();
        if (info.dropped()) {
            buffer.dropFirst();
            return true;
        }
        if ((regs.get(HLREG0) & HLREG0_RXCRCSTRP) == 0) {
            length = appendCrc(length);
        }
        int room = bufferBytes(queue);
        if (rsc.take(queue, frame, length, info.tags(), info.good(), info, room, now)) {
            buffer.dropFirst();
            return true;
        }
        int needed = (length + room - 1) / room;
        int available = rings.runs(queue) ? rings.available(queue) : 0;
        if (available >= needed) {
            buffer.dropFirst();
            put(queue, length, room, needed, now);
            return true;
        }
        if (rings.enabled(queue) && (regs.get(SRRCTL, queue) & SRRCTL_DROP_EN) == 0) {
            return false;
        }
        buffer.dropFirst();
        model.stats().add(IxgbeModelStats.QPRDC, counterSet(RQSMR, queue), 1);
        return true;
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

    private int appendCrc(int length) {
        crc.reset();
        crc.update(frame, 0, length);
        int value = (int) crc.getValue();
        for (int i = 0; i < CRC; i++) {
            frame[length + i] = (byte) (value >>> (8 * i));
        }
        return length + CRC;
    }

    /** Packets that were put together from several so far. */
    long coalescedPackets() {
        return rsc.coalesced();
    }

    private void put(int queue, int length, int room, int needed, long now) {
        for (int i = 0; i < needed; i++) {
            int from = i * room;
            int n = Math.min(room, length - from);
            long descriptor = rings.address(queue, i);
            long target = model.dma().word(descriptor);
            if (!model.dma().write(target, frame, from, n)) {
                rings.halt(queue);
                return;
            }
            boolean last = i == needed - 1;
            long status = DD | (last ? EOP | info.status() : 0);
            model.writeBacks()
                    .put(
                            descriptor,
                            info.firstWord(),
                            status | (long) n << 32 | (last ? info.tag() << 48 : 0),
                            now,
                            model.writeBackNanos());
        }
        rings.advance(queue, needed);
        count(queue, 1, length);
    }

    private void count(int queue, int packets, int bytes) {
        int set = counterSet(RQSMR, queue);
        model.stats().add(IxgbeModelStats.QPRC, set, packets);
        model.stats().add(IxgbeModelStats.QBRC, set, bytes);
        model.interrupts().received(queue);
    }
}
