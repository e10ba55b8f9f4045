// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The type-length-value part of a message; of several with one type the last counts. */
final class Attributes {
    private static final int HEADER = 4;

    private final Map<Integer, ByteBuffer> values = new HashMap<>();

    /**
     * Reads all attributes.
     *
     * @throws MalformedMessageException when a length leads outside {@code bytes}
     */
    Attributes(ByteBuffer bytes) {
        ByteBuffer data = bytes.slice().order(ByteOrder.nativeOrder());
        int at = 0;
        while (data.limit() - at >= HEADER) {
            int length = Short.toUnsignedInt(data.getShort(at));
            int left = data.limit() - at;
            if (length < HEADER || length > left) {
                throw new MalformedMessageException(
                        "an attribute of " + length + " bytes in the last " + left);
            }
            int type = data.getShort(at + 2) & Rtnl.NLA_TYPE_MASK;
            values.put(type, Message.cut(data, at + HEADER, length - HEADER));
            at += Math.min(left, Message.aligned(length));
        }
    }

    Optional<ByteBuffer> bytes(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /** A value of at least {@code size} bytes. */
    Optional<ByteBuffer> bytes(int type, int size) {
        ByteBuffer value = values.get(type);
        if (value != null && value.limit() < size) {
            throw new MalformedMessageException(
                    "attribute " + type + " has " + value.limit() + " bytes, not " + size);
        }
        return Optional.ofNullable(value);
    }

    int u32(int type, int otherwise) {
        return bytes(type, 4).map(b -> b.getInt(0)).orElse(otherwise);
    }

    int u8(int type, int otherwise) {
        return bytes(type, 1).map(b -> Byte.toUnsignedInt(b.get(0))).orElse(otherwise);
    }

    String string(int type, String otherwise) {
        ByteBuffer value = values.get(type);
        return value == null ? otherwise : text(value);
    }

    /** The attributes inside a nested one; none when it is absent. */
    Attributes nested(int type) {
        return new Attributes(values.getOrDefault(type, ByteBuffer.allocate(0)));
    }

    private static String text(ByteBuffer value) {
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
