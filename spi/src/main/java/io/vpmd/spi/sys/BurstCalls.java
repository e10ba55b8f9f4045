// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls of burst paths. They answer -1 for any failure and do not say which: keeping errno
 * makes the JDK slice a segment at every call, which is an allocation wherever the JIT does not see
 * through it. A caller that wants to know repeats the call with {@link Libc}.
 */
@SuppressWarnings("restricted")
public final class BurstCalls {
    private static final MethodHandle READ =
            bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle WRITE =
            bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle READV =
            bind("readv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle WRITEV =
            bind("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle POLL =
            bind("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle EPOLL_PWAIT2 =
            bind(
                    "epoll_pwait2",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SYSCALL6 =
            bind(
                    "syscall",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1));

    private BurstCalls() {}

    /** read(2) to a native address. */
    public static int read(int fd, long address, long length) {
        try {
            return (int) (long) READ.invokeExact(fd, address, length);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** write(2) from a native address. */
    public static int write(int fd, long address, long length) {
        try {
            return (int) (long) WRITE.invokeExact(fd, address, length);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** readv(2) with the iovecs at a native address. */
    public static int readv(int fd, long iovecs, int count) {
        try {
            return (int) (long) READV.invokeExact(fd, iovecs, count);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** writev(2) with the iovecs at a native address. */
    public static int writev(int fd, long iovecs, int count) {
        try {
            return (int) (long) WRITEV.invokeExact(fd, iovecs, count);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** poll(2) with the descriptors at a native address. */
    public static int poll(long pollfds, long count, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(pollfds, count, timeoutMillis);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** epoll_pwait2(2) without a signal mask. */
    static int epollPwait2(int epfd, MemorySegment events, int max, MemorySegment timeout) {
        try {
            return (int)
                    EPOLL_PWAIT2.invokeExact(epfd, events.address(), max, timeout.address(), 0L);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** syscall(2). */
    static int syscall(long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) (long) SYSCALL6.invokeExact(number, a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static MethodHandle bind(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return Libc.downcall(name, descriptor, options);
    }
}
