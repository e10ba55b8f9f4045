// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.sys.BurstCalls;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Accesses to registers, and their answers, without allocating: a burst ends with one. With the
 * connection's lock. What returns false has lost the beginning of messages, or the other end.
 */
final class ShortMessages implements AutoCloseable {
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int BYTES = 64;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment outMemory = arena.allocate(BYTES, 8);
    private final MemorySegment inMemory = arena.allocate(BYTES, 8);
    private final ByteBuffer out = outMemory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer in = inMemory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private final long outAddress = outMemory.address();
    private final long inAddress = inMemory.address();

    /** On a socket, which stays the caller's. */
    ShortMessages(int fd) {
        this.fd = fd;
    }

    /** Reads 1, 2 or 4 bytes; {@link #value} has them unless it was {@link #refused}. */
    boolean read(int id, int region, int offset, int bytes) {
        header(id, REGION_READ, ACCESS_BYTES, 0);
        access(region, offset, bytes);
        if (!send(HEADER + ACCESS_BYTES) || !receive(id, REGION_READ)) {
            return false;
        }
        return refused()
                || (in.getInt(AT_SIZE) == HEADER + ACCESS_BYTES + bytes
                        && in.getLong(HEADER) == offset
                        && in.getInt(HEADER + 8) == region
                        && in.getInt(HEADER + 12) == bytes);
    }

    boolean refused() {
        return (in.getInt(AT_FLAGS) & ERROR) != 0;
    }

    /** What was read, with anything above it. */
    int value() {
        return in.getInt(HEADER + ACCESS_BYTES);
    }

    /** Writes 1, 2 or 4 bytes; {@code posted} does not wait for the answer. */
    boolean write(int id, int region, int offset, int bytes, int value, boolean posted) {
        header(id, REGION_WRITE, ACCESS_BYTES + bytes, posted ? NO_REPLY : 0);
        access(region, offset, bytes);
        out.putInt(HEADER + ACCESS_BYTES, value);
        return send(HEADER + ACCESS_BYTES + bytes) && (posted || receive(id, REGION_WRITE));
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

    private boolean send(int length) {
        int sent = BurstCalls.send(fd, outAddress, length, MSG_NOSIGNAL);
        while (sent < length) {
            int done = Math.max(0, sent);
            int n = Libc.send(fd, outMemory.asSlice(done), length - done, MSG_NOSIGNAL);
            if (n < 0 && n != -Errno.EINTR) {
                return false;
            }
            sent = done + Math.max(0, n);
        }
        return true;
    }

    /** An answer that fits: with the header and an access, and at most 4 bytes of data. */
    private boolean receive(int id, int command) {
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
        return good
                && Short.toUnsignedInt(in.getShort(0)) == id
                && in.getShort(AT_COMMAND) == command
                && (in.getInt(AT_FLAGS) & TYPE_MASK) == TYPE_REPLY;
    }

    private int receiveSome(int at, int length) {
        int n = BurstCalls.recv(fd, inAddress + at, length, 0);
        while (n < 0) {
            n = Libc.recv(fd, inMemory.asSlice(at), length, 0);
            if (n != -Errno.EINTR) {
                return n;
            }
        }
        return n;
    }

    /** When nobody uses it any more. */
    @Override
    public void close() {
        arena.close();
    }
}
