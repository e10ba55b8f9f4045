// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An eventfd(2) counter: non-blocking, closed on exec. Any thread may signal it. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_NONBLOCK = Libc.O_NONBLOCK;
    private static final int EFD_CLOEXEC = Libc.O_CLOEXEC;
    private static final long ONE =
            Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1L).address();

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
