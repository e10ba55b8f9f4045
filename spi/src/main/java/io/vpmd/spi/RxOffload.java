// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/** What a port can do to received packets, and an application can request at configure. */
public enum RxOffload {
    /** Verify the IPv4 header checksum. */
    IPV4_CHECKSUM,
    /** Verify TCP and UDP checksums. */
    L4_CHECKSUM,
    /** Verify the SCTP CRC32c. */
    SCTP_CHECKSUM,
    /** Deliver packets whose transport checksum is partial ({@code MbufFlags.RX_L4_PARTIAL}). */
    PARTIAL_CHECKSUM,
    /**
     * Deliver TCP packets longer than the MTU, with their segment size ({@code MbufFlags.RX_LRO}).
     * Their checksum is partial, whether such are requested or not, and {@code TX_TSO} is set: they
     * can be sent as they are by a port that segments. Goes with {@link #SCATTER}. Packets that are
     * being put together have buffers of the pool, with a NIC some hundred a queue.
     */
    TCP_LRO,
    /** Spread a packet over several buffers when one is too small. */
    SCATTER,
    /** Move an 802.1Q tag from the packet to its metadata. */
    VLAN_STRIP,
    /** Move two tags. */
    QINQ_STRIP,
    /** Drop packets of VLAN ids that were not asked for. */
    VLAN_FILTER,
    /** Deliver the RSS hash. */
    RSS_HASH,
    /** Keep the frame check sequence. */
    KEEP_CRC,
    /** Stamp packets with the time of arrival. */
    TIMESTAMP
}
