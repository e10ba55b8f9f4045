// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

/** The TCP header (RFC 9293). Offsets in bytes. */
public final class Tcp {
    public static final int SOURCE_PORT = 0;
    public static final int DESTINATION_PORT = 2;
    public static final int SEQUENCE = 4;
    public static final int ACKNOWLEDGMENT = 8;

    /** Header length in words in the upper four bits. */
    public static final int DATA_OFFSET = 12;

    public static final int FLAGS = 13;
    public static final int WINDOW = 14;
    public static final int CHECKSUM = 16;
    public static final int URGENT = 18;

    /** Bytes of a header without options. */
    public static final int HEADER_LENGTH = 20;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int CWR = 0x80;

    private Tcp() {}
}
