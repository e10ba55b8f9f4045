// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

/** An ARP packet for IPv4 over Ethernet (RFC 826). Offsets in bytes. */
public final class Arp {
    public static final int HARDWARE_TYPE = 0;
    public static final int PROTOCOL_TYPE = 2;
    public static final int HARDWARE_LENGTH = 4;
    public static final int PROTOCOL_LENGTH = 5;
    public static final int OPERATION = 6;
    public static final int SENDER_MAC = 8;
    public static final int SENDER_IP = 14;
    public static final int TARGET_MAC = 18;
    public static final int TARGET_IP = 24;
    public static final int LENGTH = 28;

    /** Hardware type Ethernet, protocol type IPv4: the first four bytes. */
    public static final int ETHERNET_IPV4 = 0x0001_0800;

    /** Address lengths 6 and 4. */
    public static final int LENGTHS_6_4 = 0x0604;

    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private Arp() {}
}
