// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** epoll(7) over descriptors that become readable. Used by one thread at a time. */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int MAX_EVENTS = 16;
    /* struct epoll_event is packed on x86-64 only. */
    private static final long EVENT_SIZE =
            System.getProperty("os.arch", "").equals("aarch64") ? 16 : 12;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment event = arena.allocate(16, 8);
    private final MemorySegment events = arena.allocate(EVENT_SIZE * MAX_EVENTS, 8);
    private final MemorySegment timeout = arena.allocate(16, 8);
    private final int fd;

    public Epoll() {
        fd = ErrnoException.check(Libc.epollCreate1(Libc.O_CLOEXEC), "epoll_create1", "new");
    }

    public void add(int target) {
        event.set(ValueLayout.JAVA_INT, 0, EPOLLIN);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT_SIZE - 8, target);
        ErrnoException.check(
                Libc.epollCtl(fd, EPOLL_CTL_ADD, target, event), "EPOLL_CTL_ADD", "fd " + target);
    }

    public void remove(int target) {
        Libc.epollCtl(fd, EPOLL_CTL_DEL, target, event);
    }

    /**
     * Sleeps until a descriptor is readable or the time is over; a signal may end it early.
     *
     * @return how many descriptors are readable
     */
    public int await(long timeoutNanos) {
        timeout.set(ValueLayout.JAVA_LONG, 0, timeoutNanos / 1_000_000_000L);
        timeout.set(ValueLayout.JAVA_LONG, 8, timeoutNanos % 1_000_000_000L);
        return Math.max(
                0, BurstCalls.epollPwait2(fd, events.address(), MAX_EVENTS, timeout.address()));
    }

    /** The descriptor that is number {@code i} of those that the last {@link #await} counted. */
    public int ready(int i) {
        return (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, (i + 1) * EVENT_SIZE - 8);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            Libc.close(fd);
            arena.close();
        }
    }
}
