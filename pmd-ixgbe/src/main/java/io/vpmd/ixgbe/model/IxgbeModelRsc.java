// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.DescriptorRings;
import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;

import java.util.stream.Stream;

/**
 * Receive side coalescing, 7.11: segments of TCP connections over IPv4 become one packet each. A
 * buffer is the packet's as soon as its first byte is in it, so that the descriptors of packets
 * that arrive together stand between each other. A packet is complete with the segment that is
 * pushed, before one that does not follow, when its descriptors are used up, and at the end of its
 * vector's throttle interval.
 */
final class IxgbeModelRsc {
    private static final int CONTEXTS = 32;
    private static final int MOST_BYTES = 65_535;
    private static final int RSC_DIS = 1 << 5;
    private static final int PSRTYPE_TCPHDR = 1 << 4;
    private static final int RSCACKC = 1 << 25;
    private static final int VALID = 1 << 7;
    private static final long DD = 1;
    private static final long EOP = 1 << 1;
    private static final int NEXT_SHIFT = 4;
    private static final int COUNT_SHIFT = 17;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final DescriptorRings rings;
    private final IxgbeModelRscPacket[] contexts;
    private final FrameHeaders next = new FrameHeaders();
    private int openContexts;
    private long coalesced;

    /** Who counts what a queue got. */
    interface Received {
        void count(int queue, int packets, int bytes);
    }

    private final Received received;

    IxgbeModelRsc(IxgbeModel model, DescriptorRings rings, Received received) {
        this.model = model;
        this.rings = rings;
        this.received = received;
        regs = model.registers();
        contexts =
                Stream.generate(IxgbeModelRscPacket::new)
                        .limit(CONTEXTS)
                        .toArray(IxgbeModelRscPacket[]::new);
    }

    /** Packets that were put together from several so far. */
    long coalesced() {
        return coalesced;
    }

    /** Forgets what is under way: a reset. */
    void reset() {
        for (IxgbeModelRscPacket p : contexts) {
            p.open = false;
        }
        openContexts = 0;
    }

    private boolean on(int queue) {
        return (regs.get(RSCCTL, queue) & RSCCTL_RSCEN) != 0
                && (regs.get(RFCTL) & RSC_DIS) == 0
                && rings.runs(queue);
    }

    private int mostDescriptors(int queue) {
        int code = regs.get(RSCCTL, queue) >>> 2 & 3;
        return code == 0 ? 1 : 2 << code;
    }

    /**
     * Looks at a packet that is about to be given to a queue.
     *
     * @param good whether its checksums are right
     * @param tags that stand before its type
     * @param room bytes of a buffer
     * @return whether it was taken; otherwise all that it must not overtake has been completed
     */
    boolean take(
            int queue,
            byte[] frame,
            int length,
            int tags,
            boolean good,
            IxgbeModelRxInfo info,
            int room,
            long now) {
        if (!on(queue)) {
            return false;
        }
        next.parse(frame, length, tags, true);
        boolean eligible = good && IxgbeModelRscPacket.eligible(next, frame);
        long status = info.status() | info.tag() << 48;
        for (IxgbeModelRscPacket p : contexts) {
            if (p.same(next, frame, queue, status)) {
                if (eligible && p.follows(next, frame) && append(p, frame, room, now)) {
                    return true;
                }
                complete(p, now);
            }
        }
        return eligible
                && !IxgbeModelRscPacket.pushed(next, frame)
                && begin(queue, frame, tags, info.firstWord(), status, room, now);
    }

    private boolean begin(
            int queue, byte[] frame, int tags, long firstWord, long status, int room, long now) {
        int length = next.end();
        int needed = (length + room - 1) / room;
        if (openContexts == CONTEXTS
                || needed > Math.min(mostDescriptors(queue), rings.available(queue))) {
            return false;
        }
        IxgbeModelRscPacket p = contexts[0];
        for (int i = 1; p.open; i++) {
            p = contexts[i];
        }
        check(queue, room);
        p.open = true;
        openContexts++;
        p.queue = queue;
        p.firstWord = firstWord;
        p.status = status;
        p.segments = 1;
        p.descriptors = 0;
        p.deadline = now + interval(queue);
        p.begin(frame, tags, length);
        claim(p);
        p.firstTarget = p.target;
        p.begun = 1;
        write(p, 0, length, room, now);
        return true;
    }

    /** False when there are no descriptors for it. */
    private boolean append(IxgbeModelRscPacket p, byte[] frame, int room, long now) {
        int payload = IxgbeModelRscPacket.payload(next);
        int more = (p.fill + payload - 1) / room;
        if (more > Math.min(mostDescriptors(p.queue) - p.descriptors, rings.available(p.queue))) {
            return false;
        }
        int from = p.length();
        p.append(next, frame);
        if (p.fill < room) {
            p.begun++;
            write(p, from, payload, room, now);
        } else {
            goOn(p, now);
            p.begun = 1;
            write(p, from, payload, room, now);
        }
        if (IxgbeModelRscPacket.pushed(next, frame)) {
            complete(p, now);
        }
        return true;
    }

    private void write(IxgbeModelRscPacket p, int from, int length, int room, long now) {
        int at = from;
        int left = length;
        while (left > 0) {
            if (p.fill == room) {
                goOn(p, now);
            }
            int n = Math.min(left, room - p.fill);
            if (!model.dma().write(p.target + p.fill, p.bytes(), at, n)) {
                rings.halt(p.queue);
            }
            p.fill += n;
            at += n;
            left -= n;
        }
    }

    /** Takes the next descriptor of the ring. */
    private void claim(IxgbeModelRscPacket p) {
        p.descriptor = rings.address(p.queue, 0);
        p.target = model.dma().word(p.descriptor);
        p.fill = 0;
        p.begun = 0;
        p.descriptors++;
        rings.advance(p.queue, 1);
    }

    /** The last buffer is full: its descriptor says where the packet goes on. */
    private void goOn(IxgbeModelRscPacket p, long now) {
        writeBack(p, DD | (long) rings.slot(p.queue, 0) << NEXT_SHIFT, now);
        claim(p);
    }

    private void writeBack(IxgbeModelRscPacket p, long status, long now) {
        // A packet of one segment in one buffer is like any other.
        boolean plain = p.segments == 1 && p.descriptors == 1 && (status & EOP) != 0;
        long count = plain ? 0 : p.begun + 1;
        model.writeBacks()
                .put(
                        p.descriptor,
                        p.firstWord | count << COUNT_SHIFT,
                        status | (long) p.fill << 32,
                        now,
                        model.writeBackNanos());
    }

    private void complete(IxgbeModelRscPacket p, long now) {
        p.open = false;
        openContexts--;
        if (p.segments > 1) {
            coalesced++;
            p.finish();
            if (!model.dma().write(p.firstTarget, p.bytes(), 0, p.headerLength())) {
                rings.halt(p.queue);
            }
        }
        writeBack(p, DD | EOP | p.status, now);
        received.count(p.queue, p.segments, p.length());
    }

    /** Completes what has waited long enough, and forgets what queues have that were ended. */
    int turn(long now) {
        int n = 0;
        for (int i = 0; openContexts > 0 && i < CONTEXTS; i++) {
            IxgbeModelRscPacket p = contexts[i];
            if (p.open && !rings.runs(p.queue)) {
                p.open = false;
                openContexts--;
            } else if (p.open && now - p.deadline >= 0) {
                complete(p, now);
                n++;
            }
        }
        return n;
    }

    /** Completes all: the receiver is being switched off. */
    void completeAll(long now) {
        for (IxgbeModelRscPacket p : contexts) {
            if (p.open && rings.runs(p.queue)) {
                complete(p, now);
            }
        }
    }

    /** Nanoseconds until the first has waited long enough, or {@code otherwise}. */
    long nanosToNext(long now, long otherwise) {
        long least = otherwise;
        for (int i = 0; openContexts > 0 && i < CONTEXTS; i++) {
            if (contexts[i].open) {
                least = Math.clamp(contexts[i].deadline - now, 1, least);
            }
        }
        return least;
    }

    private long interval(int queue) {
        return model.interrupts().queueInterval(queue);
    }

    /** What has to be set for coalescing, 4.6.7.2. */
    private void check(int queue, int room) {
        require(mostDescriptors(queue) * room <= MOST_BYTES, "RSCCTL.MAXDESC allows for 64 KB");
        require((regs.get(RDRXCTL) & RDRXCTL_CRCSTRIP) != 0, "RSC without CRC strip");
        require((regs.get(RDRXCTL) & RSCACKC) != 0, "RSC without RDRXCTL.RSCACKC");
        boolean split = ((regs.get(PSRTYPE, queue) | regs.get(PSRTYPE)) & PSRTYPE_TCPHDR) != 0;
        require(split, "RSC without PSRTYPE.PSR_type4");
        require((regs.get(SRRCTL, queue) >>> 8 & 0x3f) != 0, "RSC without SRRCTL.BSIZEHEADER");
        boolean vector = (regs.get(IVAR, queue / 2) >>> (queue % 2 * 16) & VALID) != 0;
        require(vector && interval(queue) > 0, "RSC without a vector and its EITR interval");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            model.violations().add(otherwise);
        }
    }
}
