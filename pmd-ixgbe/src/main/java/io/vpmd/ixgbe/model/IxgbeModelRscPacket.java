// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.Sums;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Tcp;

/** A context of coalescing, 7.11.3: a packet that grows, and where its last buffer is. */
final class IxgbeModelRscPacket {
    private final byte[] bytes = new byte[1 << 16];
    private final FrameHeaders headers = new FrameHeaders();
    private int end;

    boolean open;
    int queue;
    /* Of the first segment: the first word, status without DD and EOP, the tag in its place. */
    long firstWord;
    long status;
    int segments;
    int descriptors;
    /* The first buffer, whose headers change; the last one, and its descriptor. */
    long firstTarget;
    long target;
    long descriptor;
    /* Bytes in the last buffer, and packets that begin in it. */
    int fill;
    int begun;
    long deadline;

    /** What may be coalesced: TCP over IPv4, nothing optional, data, flags other than PSH clear. */
    static boolean eligible(FrameHeaders h, byte[] frame) {
        return h.ipv4()
                && !h.extensions()
                && h.tcp()
                && h.possibleLength()
                && (frame[h.l4() + Tcp.DATA_OFFSET] & 0xff) >>> 4 == Tcp.HEADER_LENGTH / 4
                && (frame[h.l4() + Tcp.FLAGS] & ~Tcp.PSH) == Tcp.ACK
                && h.end() - h.l4() > Tcp.HEADER_LENGTH;
    }

    static boolean pushed(FrameHeaders h, byte[] frame) {
        return (frame[h.l4() + Tcp.FLAGS] & Tcp.PSH) != 0;
    }

    static int payload(FrameHeaders h) {
        return h.end() - h.l4() - Tcp.HEADER_LENGTH;
    }

    /** Takes over the first segment, without padding; the rest is the caller's. */
    void begin(byte[] frame, int tags, int length) {
        System.arraycopy(frame, 0, bytes, 0, length);
        headers.parse(bytes, length, tags, true);
        end = length;
    }

    /** Whether a frame is of the same connection and queue, in the same link headers. */
    boolean same(FrameHeaders h, byte[] frame, int toQueue, long itsStatus) {
        return open
                && toQueue == queue
                && itsStatus >>> 48 == status >>> 48
                && h.ipv4()
                && h.tcp()
                && h.l3() == headers.l3()
                && equal(frame, 0, 0, h.l3())
                && equal(frame, h.addresses(), headers.addresses(), 8)
                && equal(frame, h.l4(), headers.l4(), 4);
    }

    private boolean equal(byte[] frame, int at, int own, int length) {
        for (int i = 0; i < length; i++) {
            if (frame[at + i] != bytes[own + i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a segment of the connection goes on where this ends. */
    boolean follows(FrameHeaders h, byte[] frame) {
        int expected = sequence(bytes, headers.l4()) + end - headers.l4() - Tcp.HEADER_LENGTH;
        return sequence(frame, h.l4()) == expected && end + payload(h) < bytes.length;
    }

    /** Takes over a segment's data, and acknowledgement, flags and window. */
    void append(FrameHeaders h, byte[] frame) {
        int payload = payload(h);
        System.arraycopy(frame, h.l4() + Tcp.HEADER_LENGTH, bytes, end, payload);
        System.arraycopy(
                frame,
                h.l4() + Tcp.ACKNOWLEDGMENT,
                bytes,
                headers.l4() + Tcp.ACKNOWLEDGMENT,
                Tcp.CHECKSUM - Tcp.ACKNOWLEDGMENT);
        end += payload;
        segments++;
    }

    /** Makes the IPv4 header that of the whole packet. */
    void finish() {
        int l3 = headers.l3();
        put16(l3 + Ipv4.TOTAL_LENGTH, end - l3);
        put16(l3 + Ipv4.CHECKSUM, 0);
        put16(l3 + Ipv4.CHECKSUM, ~Sums.internet(bytes, l3, headers.l4(), 0));
    }

    private void put16(int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    private static int sequence(byte[] frame, int l4) {
        int sequence = 0;
        for (int i = Tcp.SEQUENCE; i < Tcp.ACKNOWLEDGMENT; i++) {
            sequence = sequence << 8 | (frame[l4 + i] & 0xff);
        }
        return sequence;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return end;
    }

    int headerLength() {
        return headers.l4() + Tcp.HEADER_LENGTH;
    }
}
