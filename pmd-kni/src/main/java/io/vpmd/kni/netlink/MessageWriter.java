// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds one request: header, fixed part, attributes. */
final class MessageWriter {
    private static final int MAX_LENGTH = 1024;
    private static final int FLAGS_AT = 6;
    private static final int SEQUENCE_AT = 8;

    private final ByteBuffer bytes = ByteBuffer.allocate(MAX_LENGTH).order(ByteOrder.nativeOrder());

    MessageWriter(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) (flags | Rtnl.NLM_F_REQUEST));
        bytes.putInt(0).putInt(0);
    }

    /** {@code struct ifinfomsg}: the bits of {@code change} are set to those of {@code flags}. */
    static MessageWriter link(int type, int ifindex, int flags, int change) {
        MessageWriter w = new MessageWriter(type, 0);
        w.bytes.putInt(0).putInt(ifindex).putInt(flags).putInt(change);
        return w;
    }

    MessageWriter u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    MessageWriter u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    MessageWriter u32(int value) {
        bytes.putInt(value);
        return this;
    }

    MessageWriter attribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        while ((bytes.position() & 3) != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    MessageWriter attribute(int type, int value) {
        bytes.putShort((short) 8).putShort((short) type).putInt(value);
        return this;
    }

    MessageWriter attribute(int type, String value) {
        return attribute(type, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** The finished message. */
    byte[] message(int moreFlags, int sequence) {
        bytes.putInt(0, bytes.position());
        bytes.putShort(FLAGS_AT, (short) (bytes.getShort(FLAGS_AT) | moreFlags));
        bytes.putInt(SEQUENCE_AT, sequence);
        byte[] message = new byte[bytes.position()];
        bytes.get(0, message);
        return message;
    }
}
