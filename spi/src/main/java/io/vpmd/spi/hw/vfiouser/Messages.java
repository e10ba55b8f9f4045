// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.UnixSocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The messages on a socket: one that has been received and one that is being made, each in a buffer
 * of the greatest size allowed, so that no message makes anything grow. One thread.
 */
final class Messages implements AutoCloseable {
    /** Nothing has come in time. */
    static final int IDLE = 0;

    private static final int END = -1;

    private final UnixSocket socket;
    private final Object sending;
    private final boolean owner;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment inMemory = arena.allocate(Protocol.MAX_MESSAGE, 8);
    private final MemorySegment outMemory = arena.allocate(Protocol.MAX_MESSAGE, 8);
    private final ByteBuffer in = inMemory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer out = outMemory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final Descriptors descriptors = new Descriptors();

    /** The socket is closed with this. */
    Messages(UnixSocket socket) {
        this.socket = socket;
        sending = new Object();
        owner = true;
    }

    /** Other buffers for the same socket, which stays the other's. One of the two receives. */
    Messages(Messages other) {
        socket = other.socket;
        sending = other.sending;
        owner = false;
    }

    /**
     * Receives the next message; the descriptors of the one before it are closed.
     *
     * @return false at the end of the stream
     * @throws RefusedException when it cannot be told where the next one begins, or there were too
     *     many descriptors: the socket is of no use any more
     */
    boolean receive() throws RefusedException {
        int got = receiveIfAny();
        RefusedException.unless(got != IDLE, Errno.ETIMEDOUT, "no answer");
        return got > IDLE;
    }

    /**
     * The same for a socket on which nothing may come for a while.
     *
     * @return {@link #IDLE} when nothing has begun to come in the socket's time, less at the end
     */
    int receiveIfAny() throws RefusedException {
        descriptors.closeAll();
        in.clear();
        int first = socket.receive(inMemory.asSlice(0, Protocol.HEADER), descriptors.list());
        if (first == -Errno.EAGAIN) {
            return IDLE;
        }
        if (!received(first) || !fill(first, Protocol.HEADER)) {
            return END;
        }
        int size = in.getInt(Protocol.AT_SIZE);
        RefusedException.unless(
                size >= Protocol.HEADER && size <= Protocol.MAX_MESSAGE,
                Errno.EMSGSIZE,
                "size of a message");
        boolean whole = fill(Protocol.HEADER, size);
        in.limit(size);
        return whole ? IDLE + 1 : END;
    }

    private boolean received(int n) throws RefusedException {
        RefusedException.unless(
                n != -Errno.EMSGSIZE && descriptors.count() <= Protocol.MAX_DESCRIPTORS,
                Errno.EMSGSIZE,
                "descriptors of a message");
        return n > 0;
    }

    private boolean fill(int from, int to) throws RefusedException {
        int at = from;
        while (at < to) {
            int n = socket.receive(inMemory.asSlice(at, to - at), descriptors.list());
            RefusedException.unless(n != -Errno.EAGAIN, Errno.ETIMEDOUT, "no answer");
            if (!received(n)) {
                return false;
            }
            at += n;
        }
        return true;
    }

    int id() {
        return Short.toUnsignedInt(in.getShort(0));
    }

    int command() {
        return Short.toUnsignedInt(in.getShort(Protocol.AT_COMMAND));
    }

    int flags() {
        return in.getInt(Protocol.AT_FLAGS);
    }

    int errno() {
        return in.getInt(Protocol.AT_ERRNO);
    }

    Descriptors descriptors() {
        return descriptors;
    }

    /** Bytes of the body that was received. */
    int bodyBytes() {
        return in.limit() - Protocol.HEADER;
    }

    /** The message that was received, its body from {@link Protocol#HEADER} on. */
    ByteBuffer in() {
        return in;
    }

    /** The message to be sent, likewise. */
    ByteBuffer out() {
        return out;
    }

    /**
     * Sends what is in {@link #out} with a header.
     *
     * @return false when the other end is gone or does not take it in time
     */
    boolean send(int id, int command, int bodyBytes, int flags, int errno, int... fds) {
        int size = Protocol.HEADER + bodyBytes;
        out.putShort(0, (short) id);
        out.putShort(Protocol.AT_COMMAND, (short) command);
        out.putInt(Protocol.AT_SIZE, size);
        out.putInt(Protocol.AT_FLAGS, flags);
        out.putInt(Protocol.AT_ERRNO, errno);
        synchronized (sending) {
            return socket.send(outMemory.asSlice(0, size), fds) == 0;
        }
    }

    /** A message that another has received, with its descriptors, as if this had. */
    void take(ByteBuffer message, List<Integer> fds) {
        descriptors.closeAll();
        descriptors.list().addAll(fds);
        in.clear();
        in.put(0, message, 0, message.capacity());
        in.limit(message.capacity());
    }

    /** A copy of what was received. */
    ByteBuffer copy() {
        byte[] message = new byte[in.limit()];
        in.get(0, message);
        return ByteBuffer.wrap(message);
    }

    /** Takes the descriptors of what was received away from it. */
    List<Integer> takeDescriptors() {
        List<Integer> all = List.copyOf(descriptors.list());
        descriptors.list().clear();
        return all;
    }

    /** Ends a receive or send under way, and all later ones; any thread. */
    void shutdown() {
        socket.shutdown();
    }

    @Override
    public void close() {
        descriptors.closeAll();
        if (owner) {
            socket.close();
        }
        arena.close();
    }
}
