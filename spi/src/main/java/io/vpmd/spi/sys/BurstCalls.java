// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls of burst paths. They answer -1 for any failure and do not say which: keeping errno
 * makes the JDK slice a segment at every call, which is an allocation wherever the JIT does not see
 * through it. A caller that wants to know repeats the call with {@link Libc}.
 */
public final class BurstCalls {
    private static final MethodHandle CALL = CFunction.handle();
    private static final MemorySegment READ = CFunction.find("read");
    private static final MemorySegment WRITE = CFunction.find("write");
    private static final MemorySegment READV = CFunction.find("readv");
    private static final MemorySegment WRITEV = CFunction.find("writev");
    private static final MemorySegment SEND = CFunction.find("send");
    private static final MemorySegment RECV = CFunction.find("recv");
    private static final MemorySegment IOCTL = CFunction.find("ioctl");
    private static final MemorySegment POLL = CFunction.find("poll");
    private static final MemorySegment EPOLL_PWAIT2 = CFunction.find("epoll_pwait2");
    private static final MemorySegment SYSCALL = CFunction.find("syscall");

    private BurstCalls() {}

    /** read(2) to a native address. */
    public static int read(int fd, long address, long length) {
        return call(READ, fd, address, length);
    }

    /** write(2) from a native address. */
    public static int write(int fd, long address, long length) {
        return call(WRITE, fd, address, length);
    }

    /** readv(2) with the iovecs at a native address. */
    public static int readv(int fd, long iovecs, int count) {
        return call(READV, fd, iovecs, count);
    }

    /** writev(2) with the iovecs at a native address. */
    public static int writev(int fd, long iovecs, int count) {
        return call(WRITEV, fd, iovecs, count);
    }

    /** send(2) from a native address. */
    public static int send(int fd, long address, long length, int flags) {
        return call(SEND, fd, address, length, flags, 0, 0, 0);
    }

    /** recv(2) to a native address. */
    public static int recv(int fd, long address, long length, int flags) {
        return call(RECV, fd, address, length, flags, 0, 0, 0);
    }

    /** ioctl(2) with a number as its argument. */
    public static int ioctl(int fd, long request, long argument) {
        return call(IOCTL, fd, request, argument);
    }

    /** poll(2) with the descriptors at a native address. */
    public static int poll(long pollfds, long count, int timeoutMillis) {
        return call(POLL, pollfds, count, timeoutMillis);
    }

    /** epoll_pwait2(2) without a signal mask, events and time-out at native addresses. */
    static int epollPwait2(int epfd, long events, int max, long timeout) {
        return call(EPOLL_PWAIT2, epfd, events, max, timeout, 0, 0, 0);
    }

    /** syscall(2). */
    static int syscall(long number, long a, long b, long c, long d, long e, long f) {
        return call(SYSCALL, number, a, b, c, d, e, f);
    }

    private static int call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0);
    }

    private static int call(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (int) (long) CALL.invokeExact(function, a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw CFunction.unexpected(t);
        }
    }
}
