// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian. Each begins with its type and
 * its length and ends with its length; all parts are padded to 4 bytes.
 *
 * <pre>
 *   enhanced packet block
 *    0 type = 6        4 length         8 interface    12 time, high   16 time, low
 *   20 captured       24 original      28 data, padded
 *      option flags: 2, 4, direction    option queue: 6, 4, number    end: 0, 0    length
 * </pre>
 */
final class Pcapng {
    static final int ENHANCED_PACKET = 6;
    static final int INBOUND = 1;
    static final int OUTBOUND = 2;

    /** Offset of the data in an enhanced packet block. */
    static final int DATA = 28;

    /** Bytes of an enhanced packet block without its data: two options, their end, the length. */
    static final int OVERHEAD = DATA + 8 + 8 + 4 + 4;

    static final int TIME_HIGH = 12;
    static final int TIME_LOW = 16;

    private static final int SECTION_HEADER = 0x0a0d_0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int LINKTYPE_ETHERNET = 1;

    private Pcapng() {}

    static int padded(int length) {
        return (length + 3) & ~3;
    }

    /** The blocks that begin a file: one section with one interface, times in nanoseconds. */
    static void begin(ByteBuffer to, String interfaceName, int snapLength) {
        int block = to.position();
        to.putInt(SECTION_HEADER).putInt(0).putInt(0x1a2b_3c4d);
        to.putShort((short) 1).putShort((short) 0).putLong(-1);
        option(to, 4, "vpmd".getBytes(StandardCharsets.UTF_8));
        end(to, block);
        block = to.position();
        to.putInt(INTERFACE_DESCRIPTION).putInt(0);
        to.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(snapLength);
        option(to, 2, interfaceName.getBytes(StandardCharsets.UTF_8));
        option(to, 9, new byte[] {9});
        end(to, block);
    }

    /** The block that ends a capture: packets seen and packets that the file lacks. */
    static void statistics(ByteBuffer to, long timeNanos, long received, long dropped) {
        int block = to.position();
        to.putInt(INTERFACE_STATISTICS).putInt(0).putInt(0);
        to.putInt((int) (timeNanos >>> 32)).putInt((int) timeNanos);
        to.putShort((short) 4).putShort((short) 8).putLong(received);
        to.putShort((short) 5).putShort((short) 8).putLong(dropped);
        end(to, block);
    }

    private static void option(ByteBuffer to, int code, byte[] value) {
        to.putShort((short) code).putShort((short) value.length).put(value);
        to.position(to.position() + padded(value.length) - value.length);
    }

    private static void end(ByteBuffer to, int block) {
        to.putInt(0);
        int length = to.position() + 4 - block;
        to.putInt(length);
        to.putInt(block + 4, length);
    }
}
