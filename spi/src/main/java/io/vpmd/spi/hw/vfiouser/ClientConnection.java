// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.sys.BurstCalls;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.UnixSocket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A driver's end of a socket: one request at a time, and its answer. Any thread. The other end has
 * no requests of its own to make, because it gets all memory as descriptors; one that breaks the
 * protocol, or does not answer in time, is treated as gone.
 */
final class ClientConnection implements AutoCloseable {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHORT_BYTES = 64;
    private static final String VERSION_TEXT =
            "{\"capabilities\":{\"max_msg_fds\":" + MAX_DESCRIPTORS + "}}\0";

    private final String device;
    private final UnixSocket socket;
    private final Messages messages;
    private final Capabilities capabilities;
    private final Arena arena = Arena.ofShared();
    /* Register accesses, which must not allocate. */
    private final MemorySegment shortOut = arena.allocate(SHORT_BYTES, 8);
    private final MemorySegment shortIn = arena.allocate(SHORT_BYTES, 8);
    private final ByteBuffer out = shortOut.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer in = shortIn.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final long outAddress = shortOut.address();
    private final long inAddress = shortIn.address();
    private int lastId;
    private boolean lost;
    private boolean closed;

    /**
     * Agrees on the version.
     *
     * @param device for messages
     * @param socket closed with this, also when this fails
     * @throws BusException when the other end does not speak this protocol
     */
    ClientConnection(String device, UnixSocket socket) {
        this.device = device;
        this.socket = socket;
        this.messages = new Messages(socket);
        try {
            capabilities = agree();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Capabilities agree() {
        byte[] text = VERSION_TEXT.getBytes(StandardCharsets.US_ASCII);
        messages.out().putInt(HEADER, 0).put(HEADER + 4, text);
        try {
            int bytes = call(VERSION, 4 + text.length, 4);
            ByteBuffer reply = messages.in();
            RefusedException.unless(reply.getInt(HEADER) == 0, Errno.EPROTO, "version");
            int length = bytes - 4;
            RefusedException.unless(
                    length == 0 || reply.get(HEADER + 3 + length) == 0, Errno.EPROTO, "its text");
            byte[] said = new byte[Math.max(0, length - 1)];
            reply.get(HEADER + 4, said);
            return Capabilities.parse(new String(said, StandardCharsets.UTF_8));
        } catch (RefusedException e) {
            throw failed("agree on a version with", e);
        }
    }

    BusException failed(String operation, RefusedException cause) {
        return new BusException(
                operation,
                device,
                cause.reason(),
                "check what listens on the socket, and its log",
                cause);
    }

    Capabilities capabilities() {
        return capabilities;
    }

    /** The request's body from {@link Protocol#HEADER} on; to be used with this object's lock. */
    ByteBuffer out() {
        return messages.out();
    }

    /** The answer's, until the next call; likewise. */
    ByteBuffer in() {
        return messages.in();
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param leastBytes that the answer's body must have
     * @return bytes of the answer's body
     * @throws RefusedException when the other end refuses, or is gone
     */
    synchronized int call(int command, int bodyBytes, int leastBytes, int... fds)
            throws RefusedException {
        RefusedException.unless(!lost, Errno.EPIPE, "the connection is lost");
        int id = nextId();
        try {
            boolean answered =
                    messages.send(id, command, bodyBytes, 0, 0, fds) && messages.receive();
            RefusedException.unless(answered, Errno.EPIPE, "the other end is gone");
            checkAnswer(id, command);
        } catch (RefusedException e) {
            lose();
            throw e;
        }
        RefusedException.unless(
                (messages.flags() & ERROR) == 0, messages.errno(), name(command) + " is refused");
        if (messages.bodyBytes() < leastBytes) {
            lose();
            throw new RefusedException(Errno.EPROTO, "answer to " + name(command));
        }
        return messages.bodyBytes();
    }

    private void checkAnswer(int id, int command) throws RefusedException {
        RefusedException.unless(
                messages.id() == id
                        && messages.command() == command
                        && (messages.flags() & TYPE_MASK) == TYPE_REPLY
                        && messages.descriptors().count() == 0,
                Errno.EPROTO,
                "answer to something else");
    }

    private int nextId() {
        lastId = (lastId + 1) & 0xffff;
        return lastId;
    }

    /** Treats the other end as gone. */
    synchronized void lose() {
        lost = true;
        socket.shutdown();
    }

    /** Reads 1, 2 or 4 bytes of a region; all ones when they cannot be had. Allocates nothing. */
    synchronized int read(int region, int offset, int bytes) {
        int ones = bytes == 4 ? -1 : (1 << (8 * bytes)) - 1;
        if (lost) {
            return ones;
        }
        int id = nextId();
        header(id, REGION_READ, ACCESS_BYTES, 0);
        access(region, offset, bytes);
        if (!sendShort(HEADER + ACCESS_BYTES) || !receiveShort(id, REGION_READ)) {
            return ones;
        }
        if ((in.getInt(AT_FLAGS) & ERROR) != 0) {
            return ones;
        }
        boolean same =
                in.getInt(AT_SIZE) == HEADER + ACCESS_BYTES + bytes
                        && in.getLong(HEADER) == offset
                        && in.getInt(HEADER + 8) == region
                        && in.getInt(HEADER + 12) == bytes;
        if (!same) {
            lose();
            return ones;
        }
        return in.getInt(HEADER + ACCESS_BYTES) & ones;
    }

    /**
     * Writes 1, 2 or 4 bytes of a region; nothing when that cannot be. Allocates nothing.
     *
     * @param posted whether it may still be on its way when this returns
     */
    synchronized void write(int region, int offset, int bytes, int value, boolean posted) {
        if (lost) {
            return;
        }
        int id = nextId();
        header(id, REGION_WRITE, ACCESS_BYTES + bytes, posted ? NO_REPLY : 0);
        access(region, offset, bytes);
        out.putInt(HEADER + ACCESS_BYTES, value);
        if (sendShort(HEADER + ACCESS_BYTES + bytes) && !posted) {
            receiveShort(id, REGION_WRITE);
        }
    }

    private void header(int id, int command, int bodyBytes, int flags) {
        out.putShort(0, (short) id);
        out.putShort(AT_COMMAND, (short) command);
        out.putInt(AT_SIZE, HEADER + bodyBytes);
        out.putInt(AT_FLAGS, flags);
        out.putInt(AT_ERRNO, 0);
    }

    private void access(int region, int offset, int bytes) {
        out.putLong(HEADER, offset);
        out.putInt(HEADER + 8, region);
        out.putInt(HEADER + 12, bytes);
    }

    private boolean sendShort(int length) {
        int sent = BurstCalls.send(socket.fd(), outAddress, length, MSG_NOSIGNAL);
        while (sent < length) {
            int done = Math.max(0, sent);
            int n = Libc.send(socket.fd(), shortOut.asSlice(done), length - done, MSG_NOSIGNAL);
            if (n < 0 && n != -Errno.EINTR) {
                lose();
                return false;
            }
            sent = done + Math.max(0, n);
        }
        return true;
    }

    /** An answer that fits: with the header and an access, and at most 4 bytes of data. */
    private boolean receiveShort(int id, int command) {
        int size = HEADER;
        boolean good = true;
        for (int at = 0; at < size && good; ) {
            int n = receiveSome(at, size - at);
            good = n > 0;
            at += n;
            if (at == HEADER && size == HEADER) {
                size = in.getInt(AT_SIZE);
                good = size >= HEADER && size <= HEADER + ACCESS_BYTES + 4;
            }
        }
        good =
                good
                        && Short.toUnsignedInt(in.getShort(0)) == id
                        && in.getShort(AT_COMMAND) == command
                        && (in.getInt(AT_FLAGS) & TYPE_MASK) == TYPE_REPLY;
        if (!good) {
            lose();
        }
        return good;
    }

    private int receiveSome(int at, int length) {
        int n = BurstCalls.recv(socket.fd(), inAddress + at, length, 0);
        while (n < 0) {
            n = Libc.recv(socket.fd(), shortIn.asSlice(at), length, 0);
            if (n != -Errno.EINTR) {
                return n;
            }
        }
        return n;
    }

    /** Whether the other end was there when it was last needed. */
    synchronized boolean connected() {
        return !lost;
    }

    /** From now on reads give all ones and writes go nowhere. Idempotent. */
    @Override
    public synchronized void close() {
        lost = true;
        if (!closed) {
            closed = true;
            messages.close();
            arena.close();
        }
    }
}
