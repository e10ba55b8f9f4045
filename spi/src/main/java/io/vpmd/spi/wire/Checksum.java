// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the ones' complement sum of 16-bit words. Sums are folded to 16
 * bits and in host order of a big-endian reading; {@link #finish} turns one into what stands in a
 * header.
 */
public final class Checksum {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Checksum() {}

    /**
     * Adds the bytes of a packet to a sum.
     *
     * @param offset first byte, counted from the start of the packet, over all segments
     * @param length number of bytes; what the packet does not have counts as zero
     * @param initial a sum to add to, for example of {@link #pseudoHeader}
     */
    public static int sum(Mbuf packet, int offset, int length, int initial) {
        long total = initial;
        int skip = offset;
        int left = length;
        boolean odd = false;
        for (@Nullable Mbuf m = packet; m != null && left > 0; m = m.next()) {
            int here = Math.min(m.dataLength() - skip, left);
            if (here <= 0) {
                skip -= m.dataLength();
                continue;
            }
            int part = sum(m.memory(), m.dataAddress() + skip, here);
            total += odd ? swap(part) : part;
            odd ^= (here & 1) != 0;
            left -= here;
            skip = 0;
        }
        return fold(total);
    }

    /** The sum of {@code length} bytes of memory. */
    public static int sum(MemorySegment memory, long address, int length) {
        long total = 0;
        int i = 0;
        // Words of any size and byte order add up to the same sum (RFC 1071, 2); one swap at the
        // end sets the order right.
        for (; i <= length - 8; i += 8) {
            long v = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, address + i);
            total += (v & 0xffff_ffffL) + (v >>> 32);
        }
        for (; i <= length - 2; i += 2) {
            total += memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, address + i) & 0xffff;
        }
        if (i < length) {
            int last = memory.get(ValueLayout.JAVA_BYTE, address + i) & 0xff;
            total += LITTLE ? last : last << 8;
        }
        int folded = fold(total);
        return LITTLE ? swap(folded) : folded;
    }

    private static int swap(int sum) {
        return (sum & 0xff) << 8 | sum >>> 8;
    }

    /** Adds the carries of a sum to it until it has 16 bits. */
    public static int fold(long sum) {
        long s = (sum & 0xffff_ffffL) + (sum >>> 32);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        return (int) ((s & 0xffff) + (s >>> 16));
    }

    /** What to write into a header: the complement of a sum. */
    public static int finish(int sum) {
        return ~sum & 0xffff;
    }

    /** As {@link #finish}, for UDP, where 0 would mean that there is no checksum. */
    public static int finishUdp(int sum) {
        int checksum = finish(sum);
        return checksum == 0 ? 0xffff : checksum;
    }

    /** A header's checksum after one 16-bit word of what it covers has changed (RFC 1624). */
    public static int update(int checksum, int oldWord, int newWord) {
        return finish(fold((long) finish(checksum) + finish(oldWord) + newWord));
    }

    /**
     * The sum of the pseudo-header of TCP, UDP or ICMPv6.
     *
     * @param l3 offset of the IPv4 or IPv6 header, which tells its version, in the first segment
     * @param protocol the transport protocol
     * @param length bytes of transport header and data; 0 leaves it out
     */
    public static int pseudoHeader(Mbuf packet, int l3, int protocol, int length) {
        boolean v4 = packet.u8At(l3) >>> 4 == 4;
        int addresses =
                v4
                        ? sum(packet.memory(), packet.dataAddress() + l3 + Ipv4.SOURCE, 8)
                        : sum(packet.memory(), packet.dataAddress() + l3 + Ipv6.SOURCE, 32);
        return fold((long) addresses + protocol + length);
    }

    /**
     * Does in software what a packet's checksum flags ask for (IPv4, TCP, UDP) and takes the flags
     * away. Needs the l2 and l3 lengths, headers in the first segment and, for a transport
     * checksum, the pseudo-header's sum in its field.
     *
     * @return false when the lengths do not fit the packet; nothing was changed then
     */
    public static boolean complete(Mbuf packet) {
        int l3 = packet.l2Length();
        int l4 = l3 + packet.l3Length();
        int wanted = packet.flags() & MbufFlags.TX_L4_MASK;
        boolean udp = wanted == MbufFlags.TX_UDP_CKSUM;
        int header = wanted == 0 ? 0 : udp ? Udp.HEADER_LENGTH : Tcp.HEADER_LENGTH;
        int end = l3End(packet, l3, l4);
        if (end < l4 + header
                || l4 + header > packet.dataLength()
                || wanted == MbufFlags.TX_SCTP_CKSUM) {
            return false;
        }
        if (packet.has(MbufFlags.TX_IP_CKSUM) && !packet.has(MbufFlags.TX_IPV6)) {
            Ipv4.putChecksum(packet, l3, l4 - l3);
        }
        if (wanted != 0) {
            int field = l4 + (udp ? Udp.CHECKSUM : Tcp.CHECKSUM);
            int sum = sum(packet, l4, end - l4, 0);
            packet.putShort(field, udp ? finishUdp(sum) : finish(sum));
        }
        packet.setFlags(packet.flags() & ~(MbufFlags.TX_IP_CKSUM | MbufFlags.TX_L4_MASK));
        return true;
    }

    /** Where the packet ends by its IP header, padding left out; -1 when that cannot be. */
    private static int l3End(Mbuf packet, int l3, int l4) {
        boolean v4 = !packet.has(MbufFlags.TX_IPV6);
        int header = v4 ? Ipv4.HEADER_LENGTH : Ipv6.HEADER_LENGTH;
        if (l4 - l3 < header || l4 > packet.dataLength() || packet.u8At(l3) >>> 4 != (v4 ? 4 : 6)) {
            return -1;
        }
        int end =
                v4
                        ? l3 + packet.u16At(l3 + Ipv4.TOTAL_LENGTH)
                        : l3 + header + packet.u16At(l3 + Ipv6.PAYLOAD_LENGTH);
        return end > packet.packetLength() ? -1 : end;
    }
}
