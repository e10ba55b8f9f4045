// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/** What a port can do to packets on their way out, and an application can request at configure. */
public enum TxOffload {
    /** Compute the IPv4 header checksum. */
    IPV4_CHECKSUM,
    /** Complete a TCP checksum whose field holds the pseudo-header sum. */
    TCP_CHECKSUM,
    /** Complete a UDP checksum whose field holds the pseudo-header sum. */
    UDP_CHECKSUM,
    /** Compute the SCTP CRC32c. */
    SCTP_CHECKSUM,
    /** Split TCP packets into segments. */
    TCP_TSO,
    /** Send packets of several buffers. */
    MULTI_SEGMENT,
    /** Insert an 802.1Q tag. */
    VLAN_INSERT,
    /** Insert two tags. */
    QINQ_INSERT,
    /** Note when a packet that asks for it is sent. */
    TIMESTAMP
}
