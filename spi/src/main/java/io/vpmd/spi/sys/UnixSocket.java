// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A connected stream socket of the Unix domain. With the bytes go descriptors (SCM_RIGHTS), at most
 * {@link #MAX_DESCRIPTORS} at a time. One thread may send while another receives; {@link #shutdown}
 * may be called by any.
 */
public final class UnixSocket implements AutoCloseable {
    /** Descriptors that pass with one send. */
    public static final int MAX_DESCRIPTORS = 64;

    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int SHUT_RDWR = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    private static final int PATH_LENGTH = 108;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MessageHeader in = new MessageHeader(arena);
    private final MessageHeader out = new MessageHeader(arena);
    private boolean closed;

    /** struct msghdr with one struct iovec and room for one struct cmsghdr with descriptors. */
    private static final class MessageHeader {
        private static final long CONTROL_BYTES = 16 + 4 * MAX_DESCRIPTORS;
        private static final int MSG_CTRUNC = 0x8;

        final MemorySegment header;
        private final MemorySegment vector;
        private final MemorySegment control;

        MessageHeader(Arena arena) {
            header = arena.allocate(56, 8);
            vector = arena.allocate(16, 8);
            control = arena.allocate(CONTROL_BYTES, 8);
            header.set(JAVA_LONG, 16, vector.address());
            header.set(JAVA_LONG, 24, 1);
        }

        void point(MemorySegment bytes) {
            vector.set(JAVA_LONG, 0, bytes.address());
            vector.set(JAVA_LONG, 8, bytes.byteSize());
        }

        void attach(int[] fds) {
            boolean none = fds.length == 0;
            header.set(JAVA_LONG, 32, none ? 0 : control.address());
            header.set(JAVA_LONG, 40, none ? 0 : 16 + 4L * fds.length);
            control.set(JAVA_LONG, 0, 16 + 4L * fds.length);
            control.set(JAVA_INT, 8, SOL_SOCKET);
            control.set(JAVA_INT, 12, SCM_RIGHTS);
            MemorySegment.copy(fds, 0, control, JAVA_INT, 16, fds.length);
        }

        void empty() {
            header.set(JAVA_LONG, 32, control.address());
            header.set(JAVA_LONG, 40, control.byteSize());
            header.set(JAVA_INT, 48, 0);
        }

        /** The kernel makes one control message of all descriptors, and no other kind is asked. */
        boolean detach(List<Integer> into) {
            long length = header.get(JAVA_LONG, 40) < 16 ? 0 : control.get(JAVA_LONG, 0);
            boolean rights =
                    length >= 16
                            && control.get(JAVA_INT, 8) == SOL_SOCKET
                            && control.get(JAVA_INT, 12) == SCM_RIGHTS;
            for (long at = 16; rights && at + 4 <= length; at += 4) {
                into.add(control.get(JAVA_INT, at));
            }
            return (header.get(JAVA_INT, 48) & MSG_CTRUNC) == 0;
        }
    }

    UnixSocket(int fd) {
        this.fd = fd;
    }

    /**
     * Connects to a socket in the file system.
     *
     * @param timeoutMillis what later sends and receives wait at most before they fail with EAGAIN
     * @throws ErrnoException when nobody listens there
     */
    public static UnixSocket connect(Path path, long timeoutMillis) {
        int fd =
                ErrnoException.check(
                        Libc.socket(AF_UNIX, SOCK_STREAM | Libc.O_CLOEXEC, 0), "socket", "unix");
        try (Arena scratch = Arena.ofConfined()) {
            ErrnoException.check(
                    Libc.connect(fd, address(path, scratch)), "connect", path.toString());
            limit(fd, timeoutMillis, timeoutMillis);
            return new UnixSocket(fd);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static void limit(int fd, long receiveMillis, long sendMillis) {
        set(fd, SO_RCVTIMEO, receiveMillis);
        set(fd, SO_SNDTIMEO, sendMillis);
    }

    private static void set(int fd, int option, long millis) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment limit = scratch.allocate(16, 8);
            limit.set(JAVA_LONG, 0, millis / 1_000);
            limit.set(JAVA_LONG, 8, millis % 1_000 * 1_000);
            ErrnoException.check(
                    Libc.setsockopt(fd, SOL_SOCKET, option, limit), "setsockopt", "timeout");
        }
    }

    /** Makes receives and sends wait at most that long, after which they fail with EAGAIN. */
    public void limit(long receiveMillis, long sendMillis) {
        limit(fd, receiveMillis, sendMillis);
    }

    /** Two sockets, each the other end of the other. */
    public static List<UnixSocket> pair() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment fds = scratch.allocate(8, 4);
            ErrnoException.check(
                    Libc.socketpair(AF_UNIX, SOCK_STREAM | Libc.O_CLOEXEC, 0, fds),
                    "socketpair",
                    "unix");
            return List.of(
                    new UnixSocket(fds.get(JAVA_INT, 0)), new UnixSocket(fds.get(JAVA_INT, 4)));
        }
    }

    static MemorySegment address(Path path, Arena arena) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_LENGTH) {
            throw new ErrnoException("socket path", path.toString(), Errno.ENAMETOOLONG);
        }
        MemorySegment address = arena.allocate(2 + PATH_LENGTH, 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
        return address;
    }

    /** Belongs to this object. */
    public int fd() {
        return fd;
    }

    /**
     * Receives some bytes, and the descriptors that came with them, which are the caller's.
     *
     * @param bytes native; as many as fit are received, at least one
     * @return how many, 0 at the end of the stream, or the negated errno; EMSGSIZE when there were
     *     more than {@link #MAX_DESCRIPTORS}, of which the rest was closed
     */
    public int receive(MemorySegment bytes, List<Integer> descriptors) {
        in.point(bytes);
        int n;
        do {
            in.empty();
            n = Libc.recvmsg(fd, in.header, MSG_CMSG_CLOEXEC);
        } while (n == -Errno.EINTR);
        if (n < 0) {
            return n;
        }
        return in.detach(descriptors) ? n : -Errno.EMSGSIZE;
    }

    /**
     * Sends all bytes, the descriptors with the first of them; they stay the caller's.
     *
     * @return 0 or the negated errno
     */
    public int send(MemorySegment bytes, int... descriptors) {
        long sent = 0;
        out.attach(descriptors);
        while (sent < bytes.byteSize()) {
            out.point(bytes.asSlice(sent));
            int n = Libc.sendmsg(fd, out.header, MSG_NOSIGNAL);
            if (n < 0 && n != -Errno.EINTR) {
                return n;
            }
            if (n > 0) {
                sent += n;
                out.attach(new int[0]);
            }
        }
        return 0;
    }

    /** Ends both directions: whoever receives or sends returns. */
    public synchronized void shutdown() {
        if (!closed) {
            Libc.shutdown(fd, SHUT_RDWR);
        }
    }

    /** To be called when nobody receives or sends any more. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd);
            arena.close();
        }
    }
}
