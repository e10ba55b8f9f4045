// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import io.vpmd.spi.mbuf.Mbuf;

/** The IPv4 header (RFC 791). Offsets in bytes. */
public final class Ipv4 {
    public static final int VERSION_IHL = 0;
    public static final int TOTAL_LENGTH = 2;
    public static final int ID = 4;
    public static final int FRAGMENT = 6;
    public static final int TTL = 8;
    public static final int PROTOCOL = 9;
    public static final int CHECKSUM = 10;
    public static final int SOURCE = 12;
    public static final int DESTINATION = 16;

    /** Bytes of a header without options. */
    public static final int HEADER_LENGTH = 20;

    /** Don't fragment, in {@link #FRAGMENT}. */
    public static final int DF = 0x4000;

    /** More fragments, and the fragment offset: not 0 in a fragment. */
    public static final int FRAGMENT_BITS = 0x3fff;

    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int SCTP = 132;

    private Ipv4() {}

    /** Computes the header checksum and writes it. */
    public static void putChecksum(Mbuf packet, int header, int headerLength) {
        packet.putShort(header + CHECKSUM, 0);
        int sum = Checksum.sum(packet, header, headerLength, 0);
        packet.putShort(header + CHECKSUM, Checksum.finish(sum));
    }
}
