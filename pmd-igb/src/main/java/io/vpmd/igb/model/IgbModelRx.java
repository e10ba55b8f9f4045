// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.FrameBuffer;
import io.vpmd.spi.hw.model.RegisterFile;

import java.util.zip.CRC32;

/** From the wire through the filters into the packet buffer, and from there into rings, 7.1. */
final class IgbModelRx {
    private static final int FRAMES_A_TURN = 64;
    private static final int CRC = 4;
    private static final int MAX_SHORT = 1522;
    private static final int DESCTYPE_ADVANCED = 1;
    private static final long DD = 1;
    private static final long EOP = 1 << 1;

    private final IgbModel model;
    private final RegisterFile regs;
    private final IgbModelFilters filters;
    private final DescriptorRings rings;
    private final IgbModelRxInfo info;
    private final FrameBuffer buffer;
    private final byte[] frame = new byte[1 << 16];
    private final CRC32 crc = new CRC32();
    private boolean noted;

    IgbModelRx(IgbModel model) {
        this.model = model;
        regs = model.registers();
        filters = new IgbModelFilters(model);
        info = new IgbModelRxInfo(model, filters);
        buffer = new FrameBuffer(model.chip().rxBufferKilobytes * 1024);
        rings =
                new DescriptorRings(
                        model,
                        model.writeBacks(),
                        new DescriptorRings.Layout(RDBAL, RDBAH, RDLEN, RDH, RDT, RXDCTL),
                        model.chip().ringLengthBits(),
                        () -> model.has(IgbFault.STUCK_RX_ENABLE),
                        () -> model.has(IgbFault.STUCK_RX_DISABLE),
                        () -> model.interrupts().other(ICR_FER));
        if (model.chip().dropsStay()) {
            regs.onRead(RQDPC, (_, stored) -> stored).onWrite(RQDPC, (_, _, written) -> written);
        }
        regs.onWrite(RCTL, (_, stored, written) -> control(stored, written));
    }

    void reset() {
        buffer.clear();
        rings.reset();
        noted = false;
    }

    private int control(int stored, int written) {
        if ((stored & ~written & RCTL_EN) != 0) {
            buffer.clear();
        }
        return written;
    }

    private boolean enabled() {
        return (regs.get(RCTL) & RCTL_EN) != 0;
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
        return n + deliver(now);
    }

    /** A frame from the wire or, looped back, from the transmitter. */
    void arrive(byte[] bytes, int length) {
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
        if (!buffer.append(bytes, 0, length)) {
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

    private int deliver(long now) {
        int n = 0;
        while (model.mayAccess() && !buffer.isEmpty() && n < FRAMES_A_TURN && deliverFirst(now)) {
            buffer.dropFirst();
            noted = false;
            n++;
        }
        return n;
    }

    /** False when the first packet has to wait for descriptors. */
    private boolean deliverFirst(long now) {
        int length = buffer.first(frame);
        length = info.look(frame, length);
        int queue = info.queue();
        if ((regs.get(RCTL) & RCTL_SECRC) == 0) {
            length = appendCrc(length);
        }
        int room = bufferBytes(queue);
        int needed = (length + room - 1) / room;
        if (rings.runs(queue) && rings.available(queue) >= needed) {
            put(queue, length, room, needed, now);
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
        return true;
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

    private int appendCrc(int length) {
        crc.reset();
        crc.update(frame, 0, length);
        int value = (int) crc.getValue();
        for (int i = 0; i < CRC; i++) {
            frame[length + i] = (byte) (value >>> (8 * i));
        }
        return length + CRC;
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
        Counters stats = model.stats();
        stats.add(IgbModelStats.RPTHC);
        stats.add(IgbModelStats.HGORC, length);
        model.interrupts().received(queue);
    }
}
