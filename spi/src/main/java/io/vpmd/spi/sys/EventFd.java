// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An eventfd(2) counter: non-blocking, closed on exec. Any thread may signal it. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_NONBLOCK = Libc.O_NONBLOCK;
    private static final int EFD_CLOEXEC = Libc.O_CLOEXEC;
    private static final MemorySegment ONE =
            Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1L).asReadOnly();

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment sink = arena.allocate(ValueLayout.JAVA_LONG);
    private volatile int fd;

    public EventFd() {
        fd = ErrnoException.check(Libc.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd", "new");
    }

    public int fd() {
        return fd;
    }

    /** Makes the descriptor readable. One system call, no allocation. */
    public void signal() {
        Libc.write(fd, ONE, 8);
    }

    /** Makes it unreadable again. One thread at a time. */
    public void drain() {
        Libc.read(fd, sink, 8);
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }
}
