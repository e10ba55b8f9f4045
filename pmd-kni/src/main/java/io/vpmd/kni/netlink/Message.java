// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One message from the kernel.
 *
 * @param type RTM_... or NLMSG_...
 * @param flags NLM_F_...
 * @param sequence of the request that it answers; 0 for an event
 * @param body what follows the header, in native byte order
 */
record Message(int type, int flags, int sequence, ByteBuffer body) {
    private static final int LENGTH_AT = 0;
    private static final int TYPE_AT = 4;
    private static final int FLAGS_AT = 6;
    private static final int SEQUENCE_AT = 8;

    /**
     * The messages of one datagram.
     *
     * @throws MalformedMessageException when a length leads outside it
     */
    static List<Message> parse(ByteBuffer datagram) {
        ByteBuffer data = datagram.slice().order(ByteOrder.nativeOrder());
        List<Message> messages = new ArrayList<>();
        int at = 0;
        while (at < data.limit()) {
            int left = data.limit() - at;
            if (left < Rtnl.NLMSG_HEADER) {
                throw new MalformedMessageException(left + " bytes where a header was expected");
            }
            int length = data.getInt(at + LENGTH_AT);
            if (length < Rtnl.NLMSG_HEADER || length > left) {
                throw new MalformedMessageException(
                        "a message of " + length + " bytes in the last " + left + " of a datagram");
            }
            messages.add(
                    new Message(
                            Short.toUnsignedInt(data.getShort(at + TYPE_AT)),
                            Short.toUnsignedInt(data.getShort(at + FLAGS_AT)),
                            data.getInt(at + SEQUENCE_AT),
                            cut(data, at + Rtnl.NLMSG_HEADER, length - Rtnl.NLMSG_HEADER)));
            at += Math.min(left, aligned(length));
        }
        return messages;
    }

    /** Whether {@code flag} is set. */
    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The body without its first {@code bytes}, which are the fixed part of this type. */
    ByteBuffer after(int bytes) {
        if (body.limit() < bytes) {
            throw new MalformedMessageException(
                    "message type " + type + " with " + body.limit() + " bytes, not " + bytes);
        }
        return cut(body, bytes, body.limit() - bytes);
    }

    static ByteBuffer cut(ByteBuffer from, int at, int length) {
        return from.slice(at, length).order(ByteOrder.nativeOrder());
    }

    static int aligned(int length) {
        return length > Integer.MAX_VALUE - 3 ? length : (length + 3) & ~3;
    }
}
