// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import static io.vpmd.spi.sys.Mapping.EVERYTHING;

import io.vpmd.spi.sys.Mapping;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Advanced descriptors of the 82576 and 82599 families, two 64-bit little-endian words each. The
 * sections are those of the 82576's data sheet.
 *
 * <pre>
 * receive, as given to the device (7.1.5.1)
 *   0  packet buffer address
 *   8  header buffer address, 0
 * receive, as written back (7.1.5.2)
 *   0  RSS type 3:0 | packet type 16:4 | header length ... 31 | RSS hash 63:32
 *   8  status 19:0 | error 31:20 | length 47:32 | VLAN tag 63:48
 * transmit context (7.2.2.2)
 *   0  IPLEN 8:0 | MACLEN 15:9 | VLAN 31:16
 *   8  TUCMD 19:9 | DTYP 23:20 = 2 | DEXT 29 | IDX 38:36 | L4LEN 47:40 | MSS 63:48
 * transmit data (7.2.2.3)
 *   0  buffer address
 *   8  DTALEN 15:0 | DTYP 23:20 = 3 | DCMD 31:24 | DD 32 | IDX 38:36 | POPTS 45:40 | PAYLEN 63:46
 * </pre>
 */
public final class Descriptors {
    public static final int SIZE = 16;
    public static final VarHandle WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    // Receive write-back, second word
    public static final long RX_DD = 1;
    public static final long RX_EOP = 1 << 1;
    public static final long RX_VP = 1 << 3;
    public static final int RX_LENGTH_SHIFT = 32;
    public static final int RX_VLAN_SHIFT = 48;
    // Receive write-back, first word
    public static final int RX_TYPE_SHIFT = 4;
    public static final int RX_TYPE_MASK = 0x7f;

    // Transmit, second word
    public static final long TX_DATA = 3L << 20 | 1L << 29;
    public static final long TX_CONTEXT = 2L << 20 | 1L << 29;
    public static final long TX_TIMESTAMP = 1L << 19;
    public static final long TX_EOP = 1L << 24;
    public static final long TX_IFCS = 1L << 25;
    public static final long TX_RS = 1L << 27;
    public static final long TX_VLE = 1L << 30;
    public static final long TX_TSE = 1L << 31;
    public static final long TX_DD = 1L << 32;
    public static final long TX_IXSM = 1L << 40;
    public static final long TX_TXSM = 1L << 41;
    public static final int TX_PAYLEN_SHIFT = 46;
    public static final long CONTEXT_IPV4 = 1L << 10;
    public static final long CONTEXT_TCP = 1L << 11;
    public static final long CONTEXT_SCTP = 2L << 11;
    public static final int CONTEXT_L4LEN_SHIFT = 40;
    public static final int CONTEXT_MSS_SHIFT = 48;
    public static final int CONTEXT_MACLEN_SHIFT = 9;
    public static final int CONTEXT_VLAN_SHIFT = 16;
    public static final int MAX_MACLEN = 127;
    public static final int MAX_IPLEN = 511;

    private static final ValueLayout.OfLong LITTLE =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HIGH = 8;

    private Descriptors() {}

    /** Address of a descriptor of the ring that begins at {@code ring}. */
    static long at(long ring, int slot) {
        return ring + (long) slot * SIZE;
    }

    /**
     * The first word of the descriptor at {@code address}, which is not checked: a ring's memory
     * stays until no burst can run.
     */
    static long low(long address) {
        return EVERYTHING.get(LITTLE, Mapping.address(address));
    }

    /** The second word. */
    static long high(long address) {
        return EVERYTHING.get(LITTLE, Mapping.address(address) + HIGH);
    }

    static void setLow(long address, long value) {
        EVERYTHING.set(LITTLE, Mapping.address(address), value);
    }

    static void setHigh(long address, long value) {
        EVERYTHING.set(LITTLE, Mapping.address(address) + HIGH, value);
    }
}
