// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Ipv6;
import io.vpmd.spi.wire.Tcp;
import io.vpmd.spi.wire.Udp;

/**
 * Checksums and TCP or UDP segmentation as the gigabit and ten-gigabit families do them, told by a
 * context descriptor. One thread; allocates nothing.
 */
public final class TransmitOffload {
    /** Takes the frames that a packet becomes. */
    @FunctionalInterface
    public interface Sink {
        void frame(byte[] bytes, int length);
    }

    /** Transport of a context, as its two bits have it. */
    public static final int UDP = 0;

    public static final int TCP = 1;
    public static final int SCTP = 2;

    private static final int FLAGS = 13;

    private final byte[] segment = new byte[1 << 16];
    private int l3;
    private int l4;
    private int l4Length;
    private int segmentSize;
    private int transport;
    private boolean ipv4;
    private int firstMask;
    private int middleMask;
    private int lastMask;

    public TransmitOffload() {}

    /** Where the headers of the next packets are, in bytes. */
    public void context(int macLength, int ipLength, boolean v4, int type) {
        l3 = macLength;
        l4 = macLength + ipLength;
        ipv4 = v4;
        transport = type;
    }

    /**
     * How they are segmented.
     *
     * @param first TCP flags that the first segment keeps; then those of middle and last ones
     */
    public void segmentation(int l4Bytes, int mss, int first, int middle, int last) {
        l4Length = l4Bytes;
        segmentSize = mss;
        firstMask = first;
        middleMask = middle;
        lastMask = last;
    }

    /** Bytes of all headers of the context. */
    public int headers() {
        return l4 + l4Length;
    }

    private int field() {
        return switch (transport) {
            case TCP -> l4 + Tcp.CHECKSUM;
            case UDP -> l4 + Udp.CHECKSUM;
            default -> l4 + 8;
        };
    }

    /** Whether the headers that are to be changed are inside a packet of this length. */
    public boolean fits(int length, boolean ip, boolean l4Sum) {
        int field = transport == SCTP ? 4 : 2;
        return (!ip || l3 + Ipv4.HEADER_LENGTH <= length) && (!l4Sum || field() + field <= length);
    }

    /** Fills checksums of a packet in; {@link #fits} it. */
    public void checksums(byte[] packet, int length, boolean ip, boolean l4Sum) {
        if (ip) {
            put16(packet, l3 + Ipv4.CHECKSUM, ~Sums.internet(packet, l3, l4, 0));
        }
        if (l4Sum && transport == SCTP) {
            int crc = Sums.sctp(packet, l4, length);
            put16(packet, field(), crc >>> 16);
            put16(packet, field() + 2, crc);
        } else if (l4Sum) {
            putTransportSum(packet, Sums.internet(packet, l4, length, 0));
        }
    }

    private void putTransportSum(byte[] packet, int sum) {
        int value = ~sum & 0xffff;
        // A UDP checksum of 0 would mean that there is none.
        put16(packet, field(), transport == UDP && value == 0 ? 0xffff : value);
    }

    /**
     * Cuts a packet into segments; {@link #headers} are inside it.
     *
     * @return how many
     */
    public int segment(byte[] packet, int length, boolean ip, boolean l4Sum, Sink sink) {
        int header = headers();
        int payload = length - header;
        int count = Math.max(1, (payload + segmentSize - 1) / segmentSize);
        for (int i = 0; i < count; i++) {
            int from = i * segmentSize;
            int n = Math.min(segmentSize, payload - from);
            System.arraycopy(packet, 0, segment, 0, header);
            System.arraycopy(packet, header + from, segment, header, n);
            number(i, count, from, n);
            if (ip) {
                put16(segment, l3 + Ipv4.CHECKSUM, ~Sums.internet(segment, l3, l4, 0));
            }
            if (l4Sum) {
                // The field holds the pseudo-header without the length.
                putTransportSum(segment, Sums.internet(segment, l4, header + n, l4Length + n));
            }
            sink.frame(segment, header + n);
        }
        return count;
    }

    /** What differs from one segment to the next. */
    private void number(int i, int count, int from, int bytes) {
        if (ipv4) {
            put16(segment, l3 + Ipv4.TOTAL_LENGTH, l4 - l3 + l4Length + bytes);
            put16(segment, l3 + Ipv4.ID, get16(segment, l3 + Ipv4.ID) + i);
        } else {
            int extensions = l4 - l3 - Ipv6.HEADER_LENGTH;
            put16(segment, l3 + Ipv6.PAYLOAD_LENGTH, extensions + l4Length + bytes);
        }
        if (transport == UDP) {
            put16(segment, l4 + Udp.LENGTH, l4Length + bytes);
            return;
        }
        int sequence = get16(segment, l4 + 4) << 16 | get16(segment, l4 + 6);
        put16(segment, l4 + 4, (sequence + from) >>> 16);
        put16(segment, l4 + 6, sequence + from);
        if (count > 1) {
            int mask = i == 0 ? firstMask : i == count - 1 ? lastMask : middleMask;
            segment[l4 + FLAGS] &= (byte) mask;
        }
    }

    private static int get16(byte[] b, int at) {
        return (b[at] & 0xff) << 8 | (b[at + 1] & 0xff);
    }

    private static void put16(byte[] b, int at, int value) {
        b[at] = (byte) (value >>> 8);
        b[at + 1] = (byte) value;
    }
}
