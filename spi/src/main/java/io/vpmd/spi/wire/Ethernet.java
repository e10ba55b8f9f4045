// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

import io.vpmd.spi.mbuf.Mbuf;

/** The Ethernet header and 802.1Q tags. Offsets in bytes. */
public final class Ethernet {
    public static final int DESTINATION = 0;
    public static final int SOURCE = 6;
    public static final int TYPE = 12;

    /** Bytes of the header without tags. */
    public static final int HEADER_LENGTH = 14;

    /** Bytes of a tag: TPID and TCI. */
    public static final int TAG_LENGTH = 4;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV6 = 0x86dd;
    public static final int TYPE_QINQ = 0x88a8;

    /** The 48 bits of the broadcast address. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private Ethernet() {}

    /** Whether a type announces a tag. */
    public static boolean isTag(int type) {
        return type == TYPE_VLAN || type == TYPE_QINQ;
    }

    /** The 48 bits of the address at {@code offset}. */
    public static long address(Mbuf packet, int offset) {
        return (packet.u16At(offset) & 0xffffL) << 32 | (packet.intAt(offset + 2) & 0xffff_ffffL);
    }

    /** Writes the 48 bits of an address at {@code offset}. */
    public static void putAddress(Mbuf packet, int offset, long address) {
        packet.putShort(offset, (int) (address >>> 32));
        packet.putInt(offset + 2, (int) address);
    }

    /** Exchanges destination and source. */
    public static void swapAddresses(Mbuf packet) {
        long destination = address(packet, DESTINATION);
        putAddress(packet, DESTINATION, address(packet, SOURCE));
        putAddress(packet, SOURCE, destination);
    }
}
