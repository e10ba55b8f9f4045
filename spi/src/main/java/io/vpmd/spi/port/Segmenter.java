// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.wire.Checksum;
import io.vpmd.spi.wire.Ethernet;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Ipv6;
import io.vpmd.spi.wire.Tcp;

import org.jspecify.annotations.Nullable;

/**
 * Splits TCP packets that are longer than the wire allows, as a card with TSO does. The segments
 * are copies with complete checksums. One thread at a time; nothing is allocated.
 */
public final class Segmenter {
    /** Most segments that a packet may become. */
    public static final int MAX_SEGMENTS = 2048;

    /** The packet's header lengths or its segment size make no sense. */
    public static final int MALFORMED = -1;

    /** The pool had too few buffers. */
    public static final int NO_BUFFERS = -2;

    private int l3;
    private int l4;
    private int headers;
    private boolean v4;

    /* Where in the packet's chain the next payload byte is. */
    private @Nullable Mbuf source;
    private int sourceOffset;

    /** Nothing split yet. */
    public Segmenter() {}

    /**
     * Splits a packet with {@link MbufFlags#TX_TSO}, its header lengths and segment size set and
     * all headers in its first buffer.
     *
     * @param packet stays the caller's and as it was
     * @param buffers for the segments; where one buffer is too small they are chains
     * @param into receives the segments, from index 0 on; room for {@link #MAX_SEGMENTS} is enough
     * @return number of segments, {@link #MALFORMED} or {@link #NO_BUFFERS}
     */
    public int split(Mbuf packet, MbufCache buffers, Mbuf[] into) {
        if (!readHeaders(packet)) {
            return MALFORMED;
        }
        int size = packet.segmentSize();
        int payload = packet.packetLength() - headers;
        int count = Math.max(1, (payload + size - 1) / size);
        if (count > MAX_SEGMENTS || count > into.length) {
            return MALFORMED;
        }
        source = packet;
        sourceOffset = headers;
        for (int i = 0; i < count; i++) {
            int length = Math.min(size, payload - i * size);
            Mbuf segment = copy(packet, length, buffers);
            if (segment == null) {
                free(into, i, buffers);
                return NO_BUFFERS;
            }
            finish(segment, i, i * size, length, i == count - 1);
            into[i] = segment;
        }
        return count;
    }

    private static void free(Mbuf[] segments, int count, MbufCache buffers) {
        for (int i = 0; i < count; i++) {
            buffers.free(segments[i]);
        }
    }

    private boolean readHeaders(Mbuf packet) {
        l3 = packet.l2Length();
        l4 = l3 + packet.l3Length();
        headers = l4 + packet.l4Length();
        v4 = !packet.has(MbufFlags.TX_IPV6);
        return packet.segmentSize() > 0
                && l3 >= Ethernet.HEADER_LENGTH
                && packet.l3Length() >= (v4 ? Ipv4.HEADER_LENGTH : Ipv6.HEADER_LENGTH)
                && packet.l4Length() >= Tcp.HEADER_LENGTH
                && headers <= packet.dataLength()
                && packet.u8At(l3) >>> 4 == (v4 ? 4 : 6)
                && packet.segmentSize() <= 0xffff - (headers - l3);
    }

    /** A packet with the headers of {@code packet} and its next {@code length} bytes. */
    private @Nullable Mbuf copy(Mbuf packet, int length, MbufCache buffers) {
        Mbuf first = buffers.take();
        if (first == null || first.tailroom() < headers) {
            if (first != null) {
                buffers.free(first);
            }
            return null;
        }
        first.setFlags(packet.flags() & (MbufFlags.TX_VLAN | MbufFlags.TX_QINQ));
        first.setVlan(packet.vlan(), packet.outerVlan());
        first.copyFrom(packet, 0, first.append(headers), headers);
        Mbuf last = first;
        int left = length - take(first, Math.min(length, first.tailroom()));
        while (left > 0) {
            Mbuf more = buffers.take();
            if (more == null) {
                buffers.free(first);
                return null;
            }
            left -= take(more, Math.min(left, more.tailroom()));
            first.chain(last, more);
            last = more;
        }
        return first;
    }

    /** Moves on in the source by {@code length} bytes and appends them to a buffer. */
    private int take(Mbuf to, int length) {
        int left = length;
        Mbuf from = source;
        while (left > 0 && from != null) {
            int n = Math.min(left, from.dataLength() - sourceOffset);
            to.copyFrom(from, sourceOffset, to.append(n), n);
            left -= n;
            sourceOffset += n;
            if (sourceOffset == from.dataLength()) {
                from = from.next();
                sourceOffset = 0;
            }
        }
        source = from;
        return length;
    }

    private void finish(Mbuf segment, int number, int at, int length, boolean last) {
        int tcpLength = headers - l4 + length;
        if (v4) {
            segment.putShort(l3 + Ipv4.TOTAL_LENGTH, headers - l3 + length);
            segment.putShort(l3 + Ipv4.ID, segment.u16At(l3 + Ipv4.ID) + number);
            Ipv4.putChecksum(segment, l3, l4 - l3);
        } else {
            int fixed = l3 + Ipv6.HEADER_LENGTH;
            segment.putShort(l3 + Ipv6.PAYLOAD_LENGTH, headers - fixed + length);
        }
        segment.putInt(l4 + Tcp.SEQUENCE, segment.intAt(l4 + Tcp.SEQUENCE) + at);
        int flags = segment.u8At(l4 + Tcp.FLAGS);
        // What ends the stream or asks for delivery belongs to the last segment, the report that
        // the window was reduced to the first (RFC 3168, 6.1.2).
        flags &= last ? 0xff : ~(Tcp.FIN | Tcp.PSH);
        flags &= number == 0 ? 0xff : ~Tcp.CWR;
        segment.putByte(l4 + Tcp.FLAGS, flags);
        segment.putShort(l4 + Tcp.CHECKSUM, 0);
        int pseudo = Checksum.pseudoHeader(segment, l3, Ipv4.TCP, tcpLength);
        int sum = Checksum.sum(segment, l4, tcpLength, pseudo);
        segment.putShort(l4 + Tcp.CHECKSUM, Checksum.finish(sum));
    }
}
