// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.sys.Errno;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Requests and their answers over one socket, matched by sequence number. */
final class Requests implements AutoCloseable {
    private final NetlinkSocket socket;
    private int sequence;

    Requests(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Changes something; returns when the kernel has done it. */
    void change(String operation, String object, MessageWriter request) {
        exchange(operation, object, request, Rtnl.NLM_F_ACK);
    }

    /** Asks for one thing. */
    List<Message> query(String operation, String object, MessageWriter request) {
        return exchange(operation, object, request, Rtnl.NLM_F_ACK);
    }

    /** Asks for all there are. */
    List<Message> dump(String operation, String object, MessageWriter request) {
        return exchange(operation, object, request, Rtnl.NLM_F_DUMP);
    }

    private List<Message> exchange(
            String operation, String object, MessageWriter request, int flags) {
        sequence++;
        socket.send(request.message(flags, sequence));
        long deadline = System.nanoTime() + Rtnetlink.TIMEOUT_MILLIS * 1_000_000L;
        List<Message> answer = new ArrayList<>();
        while (true) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new NetlinkException(operation, object, Errno.ETIMEDOUT, "no answer");
            }
            for (Message m : socket.receive((int) left)) {
                // What answers an earlier request, given up after its time was over, is skipped.
                if (m.sequence() != sequence) {
                    continue;
                }
                if (m.type() == Rtnl.NLMSG_DONE) {
                    return answer;
                }
                if (m.type() == Rtnl.NLMSG_ERROR) {
                    checkError(operation, object, m);
                    return answer;
                }
                answer.add(m);
            }
        }
    }

    static void checkError(String operation, String object, Message error) {
        ByteBuffer body = error.body();
        if (body.limit() < 4) {
            throw new MalformedMessageException("an error message without an errno");
        }
        int errno = -body.getInt(0);
        if (errno != 0) {
            throw new NetlinkException(operation, object, errno, text(error));
        }
    }

    /** What the kernel says about it, in its own words. */
    private static String text(Message error) {
        if (!error.has(Rtnl.NLM_F_ACK_TLVS)) {
            return "";
        }
        int at = 4 + Rtnl.NLMSG_HEADER;
        if (!error.has(Rtnl.NLM_F_CAPPED)) {
            // The whole request stands before the attributes.
            ByteBuffer request = error.after(4);
            int length = request.limit() < 4 ? 0 : request.getInt(0);
            if (length < Rtnl.NLMSG_HEADER || length > request.limit()) {
                throw new MalformedMessageException("an error for a request of " + length);
            }
            at = 4 + Message.aligned(length);
        }
        return new Attributes(error.after(at)).string(Rtnl.NLMSGERR_ATTR_MSG, "");
    }

    @Override
    public void close() {
        socket.close();
    }
}
