// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.wire;

/** The UDP header (RFC 768). Offsets in bytes. */
public final class Udp {
    public static final int SOURCE_PORT = 0;
    public static final int DESTINATION_PORT = 2;
    public static final int LENGTH = 4;
    public static final int CHECKSUM = 6;
    public static final int HEADER_LENGTH = 8;

    private Udp() {}
}
