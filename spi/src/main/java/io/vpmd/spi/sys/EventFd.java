// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/** An eventfd(2) counter: non-blocking, closed on exec. Any thread may signal it. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_NONBLOCK = Libc.O_NONBLOCK;
    private static final int EFD_CLOEXEC = Libc.O_CLOEXEC;
    private static final long ONE =
            Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1L).address();

    private static final int F_SETFL = 4;
    private static final Path KIND = Path.of("anon_inode:[eventfd]");

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment sink = arena.allocate(ValueLayout.JAVA_LONG);
    private volatile int fd;

    public EventFd() {
        fd = ErrnoException.check(Libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd", "new");
    }

    private EventFd(int fd) {
        this.fd = fd;
    }

    /**
     * The counter behind a descriptor that another process has sent, which belongs to this object
     * from now on. It is made non-blocking.
     *
     * @throws ErrnoException with EINVAL when it is something else: the descriptor stays the
     *     caller's
     */
    public static EventFd received(int fd) {
        try {
            if (Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).equals(KIND)
                    && Libc.fcntl(fd, F_SETFL, Libc.O_RDWR | Libc.O_NONBLOCK) == 0) {
                return new EventFd(fd);
            }
        } catch (IOException _) {
            // Answered like any other descriptor that is no eventfd.
        }
        throw new ErrnoException("eventfd", "descriptor " + fd, Errno.EINVAL);
    }

    public int fd() {
        return fd;
    }

    /** Makes the descriptor readable. One system call, no allocation. */
    public void signal() {
        BurstCalls.write(fd, ONE, 8);
    }

    /**
     * Makes it unreadable again. One thread at a time.
     *
     * @return whether it was readable
     */
    public boolean drain() {
        return BurstCalls.read(fd, sink.address(), 8) == 8;
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
