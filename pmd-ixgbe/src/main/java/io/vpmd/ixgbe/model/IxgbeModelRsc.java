// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.FrameBuffer;
import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Sums;
import io.vpmd.spi.wire.Ipv4;

/**
 * Receive side coalescing, 7.11: segments of a TCP connection over IPv4 that follow each other in
 * the packet buffer become one packet. What has options other than none, or flags other than ACK
 * and PSH, stays as it is, and so does what comes out of order.
 */
final class IxgbeModelRsc {
    private static final int MAX_BYTES = (1 << 16) - 1;
    private static final int RSC_DIS = 1 << 5;
    private static final int TCP_BYTES = 20;
    private static final int FLAGS = 13;
    private static final int ACK = 1 << 4;
    private static final int PSH = 1 << 3;

    private final RegisterFile regs;
    private final FrameHeaders first = new FrameHeaders();
    private final FrameHeaders next = new FrameHeaders();
    private final byte[] other = new byte[1 << 16];
    private int segments;

    IxgbeModelRsc(IxgbeModel model) {
        regs = model.registers();
    }

    /**
     * How many descriptors of a queue a coalesced packet may take; 0 where nothing is coalesced.
     */
    int descriptors(int queue) {
        int rscctl = regs.get(RSCCTL, queue);
        if ((rscctl & RSCCTL_RSCEN) == 0 || (regs.get(RFCTL) & RSC_DIS) != 0) {
            return 0;
        }
        int code = rscctl >>> 2 & 3;
        return code == 0 ? 1 : 2 << code;
    }

    /**
     * Appends what follows in the buffer to a packet that has just been taken out of it.
     *
     * @param packet with room for 64 KiB; its checksums are right
     * @param tags that stand before its type
     * @param room bytes that it may grow to
     * @return its length
     */
    int append(FrameBuffer buffer, byte[] packet, int length, int tags, int room) {
        segments = 1;
        first.parse(packet, length, tags, true);
        if (!eligible(first, packet)) {
            return length;
        }
        int end = first.end();
        boolean pushed = (packet[first.l4() + FLAGS] & PSH) != 0;
        while (!pushed && !buffer.isEmpty()) {
            int size = buffer.first(other);
            next.parse(other, size, tags, true);
            int payload = next.end() - next.l4() - TCP_BYTES;
            if (!follows(packet, end) || end + payload > Math.min(room, MAX_BYTES)) {
                break;
            }
            System.arraycopy(other, next.l4() + TCP_BYTES, packet, end, payload);
            // Acknowledgement, flags and window are the last one's.
            System.arraycopy(other, next.l4() + 8, packet, first.l4() + 8, 8);
            pushed = (other[next.l4() + FLAGS] & PSH) != 0;
            end += payload;
            segments++;
            buffer.dropFirst();
        }
        if (segments == 1) {
            return length;
        }
        int total = end - first.l3();
        put16(packet, first.l3() + Ipv4.TOTAL_LENGTH, total);
        put16(packet, first.l3() + Ipv4.CHECKSUM, 0);
        int sum = Sums.internet(packet, first.l3(), first.l4(), 0);
        put16(packet, first.l3() + Ipv4.CHECKSUM, ~sum);
        return end;
    }

    private static boolean eligible(FrameHeaders h, byte[] frame) {
        return h.ipv4()
                && !h.extensions()
                && h.tcp()
                && h.possibleLength()
                && (frame[h.l4() + 12] & 0xff) >>> 4 == TCP_BYTES / 4
                && (frame[h.l4() + FLAGS] & ~PSH) == ACK
                && h.end() - h.l4() > TCP_BYTES;
    }

    /** Whether the other frame goes on where the packet ends. */
    private boolean follows(byte[] packet, int end) {
        if (!eligible(next, other) || next.l3() != first.l3() || !summed()) {
            return false;
        }
        for (int i = 0; i < first.l3(); i++) {
            if (packet[i] != other[i]) {
                return false;
            }
        }
        for (int i = first.addresses(); i < first.l4() + 4; i++) {
            if (packet[i] != other[i]) {
                return false;
            }
        }
        int expected = sequence(packet, first.l4()) + end - first.l4() - TCP_BYTES;
        return sequence(other, next.l4()) == expected;
    }

    private boolean summed() {
        int l4 = next.l4();
        int pseudo = Sums.pseudoHeader(next, other, next.end() - l4);
        return Sums.internet(other, next.l3(), l4, 0) == 0xffff
                && Sums.internet(other, l4, next.end(), pseudo) == 0xffff;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    private static int sequence(byte[] frame, int l4) {
        int sequence = 0;
        for (int i = 4; i < 8; i++) {
            sequence = sequence << 8 | (frame[l4 + i] & 0xff);
        }
        return sequence;
    }

    /** Segments in the packet that was put together last. */
    int segments() {
        return segments;
    }
}
