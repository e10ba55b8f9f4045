// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.FrameBuffer;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPacket;

/** From rings of advanced descriptors, 7.2.2, through the packet buffer onto the wire. */
final class IgbModelTx {
    private static final int DESCRIPTORS_A_TURN = 64;
    private static final int BUFFER = 1 << 20;
    private static final int START_BELOW = 1 << 17;
    private static final int CRC = 4;
    private static final int MIN_FRAME = 60;
    private static final int MIN_PACKET = 17;
    private static final long TYPE = 0xfL << 20;
    private static final long TYPE_CONTEXT = 2L << 20;
    private static final long TYPE_DATA = 3L << 20;
    private static final long EOP = 1L << 24;
    private static final long IFCS = 1L << 25;
    private static final long RS = 1L << 27;
    private static final long ADVANCED = 1L << 29;
    private static final long DD = 1L << 32;

    private final IgbModel model;
    private final RegisterFile regs;
    private final DescriptorRings rings;
    private final TransmitPacket[] packets;
    private final FrameBuffer buffer = new FrameBuffer(BUFFER);
    private final byte[] frame = new byte[1 << 16];
    private int first;

    private record Events(IgbModel model) implements TransmitPacket.Events {
        @Override
        public void badLength() {
            model.stats().add(IgbModelStats.LENERRS);
        }

        @Override
        public void segmented() {
            model.stats().add(IgbModelStats.TSCTC);
        }
    }

    IgbModelTx(IgbModel model) {
        this.model = model;
        regs = model.registers();
        rings =
                new DescriptorRings(
                        model,
                        model.writeBacks(),
                        new DescriptorRings.Layout(TDBAL, TDBAH, TDLEN, TDH, TDT, TXDCTL),
                        model.chip().ringLengthBits(),
                        () -> model.has(IgbFault.STUCK_TX_ENABLE),
                        () -> model.has(IgbFault.STUCK_TX_DISABLE),
                        () -> model.interrupts().other(ICR_FER));
        IgbModelTxSettings settings = new IgbModelTxSettings(regs);
        TransmitPacket.Events events = new Events(model);
        packets = new TransmitPacket[model.chip().queues];
        for (int q = 0; q < packets.length; q++) {
            packets[q] = new TransmitPacket(model, settings, events, this::append);
        }
    }

    void reset() {
        buffer.clear();
        rings.reset();
        for (TransmitPacket packet : packets) {
            packet.reset();
        }
    }

    int turn(long now) {
        int n = 0;
        if ((regs.get(TCTL) & TCTL_EN) != 0 && !model.has(IgbFault.STALLED_TX)) {
            // Another queue is the first each time, so that none waits for ever.
            for (int i = 0; i < packets.length; i++) {
                n += fetch((first + i) % packets.length, now);
            }
            first = (first + 1) % packets.length;
        }
        return n + send();
    }

    private int fetch(int queue, long now) {
        int n = 0;
        while (n < DESCRIPTORS_A_TURN
                && rings.runs(queue)
                && model.mayAccess()
                && buffer.used() < START_BELOW
                && rings.available(queue) > 0) {
            take(queue, now);
            n++;
        }
        return n;
    }

    private void take(int queue, long now) {
        long at = rings.address(queue, 0);
        long faults = model.dma().faults();
        long low = model.dma().word(at);
        long high = model.dma().word(at + 8);
        boolean fetched = model.dma().faults() == faults;
        TransmitPacket packet = packets[queue];
        if (fetched && (high & ADVANCED) == 0) {
            model.violations().add("legacy transmit descriptor");
        } else if (fetched && (high & TYPE) == TYPE_CONTEXT) {
            packet.context(low, high);
        } else if (fetched && (high & TYPE) == TYPE_DATA) {
            fetched = packet.add(low, high);
            if (fetched && (high & EOP) != 0) {
                if ((high & IFCS) == 0) {
                    model.violations().add("a packet without IFCS");
                }
                packet.end();
            }
        } else if (fetched) {
            model.violations().add("transmit descriptor of unknown type");
        }
        if (!fetched) {
            rings.halt(queue);
            return;
        }
        rings.advance(queue, 1);
        if ((high & RS) != 0) {
            report(queue, at, low, high, now);
        }
    }

    /** Either the head goes to memory, or DD into the descriptor, 7.2.3. */
    private void report(int queue, long at, long low, long high, long now) {
        int target = regs.get(TDWBAL, queue);
        if ((target & TDWBAL_HEAD) != 0) {
            long high32 = (long) regs.get(TDWBAH, queue) << 32;
            long address = high32 | (target & 0xffff_fffcL);
            model.dma().putInt(address, rings.head(queue));
        } else {
            model.writeBacks().put(at, low, high | DD, now, model.writeBackNanos());
        }
        model.interrupts().sent(queue);
    }

    /** A frame that is ready to be sent. */
    private void append(byte[] bytes, int length) {
        Counters stats = model.stats();
        int size = length;
        if (length < MIN_FRAME) {
            if (length < MIN_PACKET) {
                model.violations().add("a packet of less than 17 bytes");
            }
            System.arraycopy(bytes, 0, frame, 0, length);
            if ((regs.get(TCTL) & TCTL_PSP) != 0) {
                java.util.Arrays.fill(frame, length, MIN_FRAME, (byte) 0);
                size = MIN_FRAME;
            }
            buffer.append(frame, 0, size);
        } else if (!buffer.append(bytes, 0, length)) {
            stats.add(IgbModelStats.HTCBDPC);
            return;
        }
        stats.add(IgbModelStats.HGPTC);
        stats.add(IgbModelStats.HGOTC, length);
    }

    private int send() {
        int n = 0;
        while (!buffer.isEmpty() && n < DESCRIPTORS_A_TURN && mayLeave()) {
            int length = buffer.first(frame);
            if (model.link().loopback()) {
                model.rx().arrive(frame, length);
            } else if (!model.wire().send(frame, 0, length)) {
                break;
            }
            buffer.dropFirst();
            count(length + CRC);
            n++;
        }
        model.wire().flush();
        return n;
    }

    /** Nothing leaves without a link, or while the partner wants silence. */
    private boolean mayLeave() {
        return model.link().up() && !model.flowControl().paused();
    }

    private void count(int size) {
        Counters stats = model.stats();
        stats.add(IgbModelStats.TPT);
        stats.add(IgbModelStats.TOT, size);
        stats.add(IgbModelStats.GPTC);
        stats.add(IgbModelStats.GOTC, size);
        stats.addSize(IgbModelStats.PTC64, size);
        int kind = Destination.kind(frame);
        if (kind != Destination.UNICAST) {
            stats.add(kind == Destination.BROADCAST ? IgbModelStats.BPTC : IgbModelStats.MPTC);
        }
    }
}
