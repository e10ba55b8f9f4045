// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

/** The common header of ICMP (RFC 792) and ICMPv6 (RFC 4443, 4861). Offsets in bytes. */
public final class Icmp {
    public static final int TYPE = 0;
    public static final int CODE = 1;
    public static final int CHECKSUM = 2;

    /** Identifier and sequence number of an echo. */
    public static final int REST = 4;

    public static final int HEADER_LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int ECHO_REQUEST = 8;

    public static final int V6_ECHO_REQUEST = 128;
    public static final int V6_ECHO_REPLY = 129;
    public static final int V6_NEIGHBOR_SOLICITATION = 135;
    public static final int V6_NEIGHBOR_ADVERTISEMENT = 136;

    private Icmp() {}
}
