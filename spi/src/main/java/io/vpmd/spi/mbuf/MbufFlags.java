// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

/**
 * Offload flags of an {@link Mbuf}. RX flags say what the receiving port found out, TX flags what
 * the sending port is asked to do.
 *
 * <p>Two-bit fields are compared under their mask, for example {@code (m.flags() & RX_L4_MASK) ==
 * RX_L4_GOOD}. A received packet whose transport checksum is <em>partial</em> (it came from a
 * kernel on this machine and never saw a wire) carries the matching TX flags and header lengths as
 * well, so that it can be forwarded as it is to a port that completes checksums.
 */
public final class MbufFlags {
    /** IPv4 header checksum: 0 means unknown. */
    public static final int RX_IP_GOOD = 1;

    public static final int RX_IP_BAD = 2;
    public static final int RX_IP_MASK = 3;

    /** Transport checksum: 0 means unknown. */
    public static final int RX_L4_GOOD = 1 << 2;

    public static final int RX_L4_BAD = 2 << 2;

    /** The checksum field holds the pseudo-header sum with the length; the data is intact. */
    public static final int RX_L4_PARTIAL = 3 << 2;

    public static final int RX_L4_MASK = 3 << 2;

    /** A tag was removed from the packet and stands in {@link Mbuf#vlan()}. */
    public static final int RX_VLAN_STRIPPED = 1 << 4;

    /** Two tags were removed: {@link Mbuf#vlan()} and {@link Mbuf#outerVlan()}. */
    public static final int RX_QINQ_STRIPPED = 1 << 5;

    public static final int RX_RSS_HASH = 1 << 6;
    public static final int RX_TIMESTAMP = 1 << 7;

    /** The packet is longer than the MTU: it was never split, or put together again. */
    public static final int RX_LRO = 1 << 8;

    /** The network header is IPv4; goes with every checksum and segmentation request. */
    public static final int TX_IPV4 = 1 << 16;

    public static final int TX_IPV6 = 1 << 17;

    /** Compute the IPv4 header checksum. */
    public static final int TX_IP_CKSUM = 1 << 18;

    /** Complete the transport checksum, whose field holds the pseudo-header sum with the length. */
    public static final int TX_TCP_CKSUM = 1 << 20;

    public static final int TX_UDP_CKSUM = 2 << 20;

    /** Compute the SCTP CRC32c; the field is 0. */
    public static final int TX_SCTP_CKSUM = 3 << 20;

    public static final int TX_L4_MASK = 3 << 20;

    /**
     * Split into TCP segments of {@link Mbuf#segmentSize()} bytes; implies the TCP checksum (and
     * the IPv4 one), needs all three header lengths.
     */
    public static final int TX_TSO = 1 << 22;

    /** Insert {@link Mbuf#vlan()}. */
    public static final int TX_VLAN = 1 << 23;

    /** Insert {@link Mbuf#outerVlan()} and {@link Mbuf#vlan()}. */
    public static final int TX_QINQ = 1 << 24;

    /** Note when the packet is sent, for {@code Timesync.readTxTimestamp}. */
    public static final int TX_TIMESTAMP = 1 << 25;

    /** All requests to the sending port. */
    public static final int TX_MASK = 0x3ff << 16;

    private MbufFlags() {}
}
