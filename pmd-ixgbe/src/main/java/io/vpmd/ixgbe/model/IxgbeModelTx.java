// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.Counters;
import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.Destination;
import io.vpmd.spi.hw.model.FrameBuffer;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitPacket;

import java.util.Arrays;

/** Out of rings into the packet buffer, and from there onto the wire, 7.2. */
final class IxgbeModelTx {
    private static final int DESCRIPTORS_A_TURN = 64;
    private static final int BUFFER = 1 << 20;
    private static final int START_BELOW = 1 << 17;
    private static final int CRC = 4;
    private static final int MIN_FRAME = 60;
    private static final int MIN_PACKET = 17;
    private static final int RING_LENGTH_BITS = 0x000f_ff80;
    private static final long TYPE = 0xfL << 20;
    private static final long TYPE_CONTEXT = 2L << 20;
    private static final long TYPE_DATA = 3L << 20;
    private static final long EOP = 1L << 24;
    private static final long IFCS = 1L << 25;
    private static final long TIMESTAMP = 1L << 19;
    private static final long RS = 1L << 27;
    private static final long ADVANCED = 1L << 29;
    private static final long DD = 1L << 32;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final DescriptorRings rings;
    private final TransmitPacket[] packets = new TransmitPacket[IxgbeModelChip.QUEUES];
    private final FrameBuffer buffer = new FrameBuffer(BUFFER);
    private final byte[] frame = new byte[1 << 16];
    private final boolean[] stamped = new boolean[IxgbeModelChip.QUEUES];
    private int fetching;
    private int first;
    private long segmented;

    /** The device has no registers for these. */
    private final class Events implements TransmitPacket.Events {
        @Override
        public void badLength() {}

        @Override
        public void segmented() {
            segmented++;
        }
    }

    IxgbeModelTx(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        rings =
                new DescriptorRings(
                        model,
                        model.writeBacks(),
                        new DescriptorRings.Layout(TDBAL, TDBAH, TDLEN, TDH, TDT, TXDCTL),
                        RING_LENGTH_BITS,
                        () -> model.has(IxgbeFault.STUCK_TX_ENABLE) || !enabled(),
                        () -> model.has(IxgbeFault.STUCK_TX_DISABLE),
                        () -> model.interrupts().other(EICR_PCI));
        TransmitPacket.Settings settings = new IxgbeModelTxSettings(regs);
        TransmitPacket.Events events = new Events();
        for (int q = 0; q < packets.length; q++) {
            packets[q] = new TransmitPacket(model, settings, events, this::append);
        }
    }

    /** Without it no queue can be enabled, 4.6.8. */
    private boolean enabled() {
        return (regs.get(DMATXCTL) & DMATXCTL_TE) != 0;
    }

    void reset() {
        buffer.clear();
        rings.reset();
        for (TransmitPacket packet : packets) {
            packet.reset();
        }
        Arrays.fill(stamped, false);
    }

    int turn(long now) {
        int n = 0;
        if (enabled() && !model.has(IxgbeFault.STALLED_TX)) {
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
        fetching = queue;
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
            stamped[queue] |= (high & TIMESTAMP) != 0;
            if (fetched && (high & EOP) != 0) {
                if ((high & IFCS) == 0) {
                    model.violations().add("a packet without IFCS");
                }
                packet.end();
                if (stamped[queue]) {
                    stamped[queue] = false;
                    model.ptp().sent();
                }
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

    /** Either the head goes to memory, or DD into the descriptor, 7.2.3.5. */
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
        int size = length;
        boolean fits = true;
        if (length < MIN_FRAME) {
            if (length < MIN_PACKET) {
                model.violations().add("a packet of less than 17 bytes");
            }
            System.arraycopy(bytes, 0, frame, 0, length);
            if ((regs.get(HLREG0) & HLREG0_TXPADEN) != 0) {
                Arrays.fill(frame, length, MIN_FRAME, (byte) 0);
                size = MIN_FRAME;
            }
            buffer.append(frame, 0, size);
        } else {
            fits = buffer.append(bytes, 0, length);
        }
        if (fits) {
            int set = regs.get(TQSM, fetching / 4) >>> (8 * (fetching % 4)) & 0xf;
            model.stats().add(IxgbeModelStats.QPTC, set, 1);
            model.stats().add(IxgbeModelStats.QBTC, set, length);
        }
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
            count(frame, length + CRC);
            n++;
        }
        model.wire().flush();
        return n;
    }

    /** Nothing leaves without a link, or while the partner wants silence. */
    private boolean mayLeave() {
        return model.link().up() && !model.flowControl().paused();
    }

    /** Packets that were cut into segments so far. */
    long segmented() {
        return segmented;
    }

    /** Counts a frame that was sent. */
    void count(byte[] sent, int size) {
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
