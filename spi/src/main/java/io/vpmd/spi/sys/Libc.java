// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls through libc. Every method returns what the call returned, or the negated errno, as
 * the kernel itself does; nothing here throws for a failed call, and nothing allocates unless it
 * takes a {@link String}.
 */
@SuppressWarnings("restricted")
public final class Libc {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /* One capture area a thread: a call is followed at once by the read of its errno. */
    private static final ThreadLocal<MemorySegment> CAPTURE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle OPEN = bind("open", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = bind("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = bind("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE =
            bind("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle PREAD =
            bind("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle PWRITE =
            bind("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITEV =
            bind("writev", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle WRITE_AT =
            bind("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle IOCTL =
            bindVariadic(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle IOCTL_LONG =
            bindVariadic(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FCNTL =
            bindVariadic(2, "fcntl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SOCKET =
            bind("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = bind("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT =
            bind("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            bind("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SEND =
            bind("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV =
            bind("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle POLL = bind("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SETNS = bind("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle KILL = bind("kill", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle PRCTL = bindVariadic(1, "prctl", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle EVENTFD = bind("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE1 = bind("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL =
            bind("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle MEMFD_CREATE =
            bind("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle FTRUNCATE = bind("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MMAP =
            bind("mmap", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = bind("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SCHED_SETAFFINITY =
            bind("sched_setaffinity", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SCHED_GETAFFINITY =
            bind("sched_getaffinity", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle SYSCALL3 =
            bindVariadic(1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle SYSCALL6 =
            bindVariadic(
                    1, "syscall", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG, JAVA_LONG);

    private Libc() {}

    public static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = CAPTURE.get();
            return result((int) OPEN.invokeExact(s, arena.allocateFrom(path), flags, mode), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int close(int fd) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) CLOSE.invokeExact(s, fd), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int read(int fd, MemorySegment buffer, long length) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) READ.invokeExact(s, fd, buffer, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int write(int fd, MemorySegment buffer, long length) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) WRITE.invokeExact(s, fd, buffer, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** write(2) from a native address. */
    public static int write(int fd, long address, long length) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) WRITE_AT.invokeExact(s, fd, address, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int pread(int fd, MemorySegment buffer, long length, long offset) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) PREAD.invokeExact(s, fd, buffer, length, offset), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int pwrite(int fd, MemorySegment buffer, long length, long offset) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) PWRITE.invokeExact(s, fd, buffer, length, offset), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int writev(int fd, MemorySegment iovecs, int count) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) WRITEV.invokeExact(s, fd, iovecs, count), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int ioctl(int fd, long request, MemorySegment argument) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) IOCTL.invokeExact(s, fd, request, argument), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int ioctl(int fd, long request, long argument) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) IOCTL_LONG.invokeExact(s, fd, request, argument), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int fcntl(int fd, int command, MemorySegment argument) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) FCNTL.invokeExact(s, fd, command, argument), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int socket(int domain, int type, int protocol) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) SOCKET.invokeExact(s, domain, type, protocol), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int bind(int fd, MemorySegment address) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) BIND.invokeExact(s, fd, address, (int) address.byteSize()), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int connect(int fd, MemorySegment address) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) CONNECT.invokeExact(s, fd, address, (int) address.byteSize()), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int setsockopt(int fd, int level, int option, MemorySegment value) {
        try {
            MemorySegment s = CAPTURE.get();
            int length = (int) value.byteSize();
            return result((int) SETSOCKOPT.invokeExact(s, fd, level, option, value, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int send(int fd, MemorySegment buffer, long length, int flags) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) SEND.invokeExact(s, fd, buffer, length, flags), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int recv(int fd, MemorySegment buffer, long length, int flags) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) RECV.invokeExact(s, fd, buffer, length, flags), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) POLL.invokeExact(s, pollfds, count, timeoutMillis), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Moves the calling platform thread, and every thread it starts later, to a namespace. */
    public static int setns(int fd, int type) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) SETNS.invokeExact(s, fd, type), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int kill(int pid, int signal) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) KILL.invokeExact(s, pid, signal), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int prctl(int option, MemorySegment argument) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) PRCTL.invokeExact(s, option, argument), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int eventfd(int initial, int flags) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) EVENTFD.invokeExact(s, initial, flags), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int epollCreate1(int flags) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) EPOLL_CREATE1.invokeExact(s, flags), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int epollCtl(int epfd, int operation, int fd, MemorySegment event) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) EPOLL_CTL.invokeExact(s, epfd, operation, fd, event), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = CAPTURE.get();
            return result((int) MEMFD_CREATE.invokeExact(s, arena.allocateFrom(name), flags), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int ftruncate(int fd, long length) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) FTRUNCATE.invokeExact(s, fd, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** mmap(2) at an address the kernel picks; returns the address or the negated errno. */
    public static long mmap(long length, int protection, int flags, int fd, long offset) {
        try {
            MemorySegment s = CAPTURE.get();
            long address =
                    (long)
                            MMAP.invokeExact(
                                    s, MemorySegment.NULL, length, protection, flags, fd, offset);
            return address == -1L ? -s.get(JAVA_INT, ERRNO_OFFSET) : address;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int munmap(long address, long length) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) MUNMAP.invokeExact(s, address, length), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int schedSetaffinity(int tid, MemorySegment mask) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) SCHED_SETAFFINITY.invokeExact(s, tid, mask.byteSize(), mask), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int schedGetaffinity(int tid, MemorySegment mask) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) SCHED_GETAFFINITY.invokeExact(s, tid, mask.byteSize(), mask), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int syscall(long number, long a, long b, long c) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) SYSCALL3.invokeExact(s, number, a, b, c), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    public static int syscall(long number, long a, long b, long c, long d, long e, long f) {
        try {
            MemorySegment s = CAPTURE.get();
            return result((int) (long) SYSCALL6.invokeExact(s, number, a, b, c, d, e, f), s);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static int result(int value, MemorySegment state) {
        return value >= 0 ? value : -state.get(JAVA_INT, ERRNO_OFFSET);
    }

    private static MethodHandle bind(String name, ValueLayout result, MemoryLayout... arguments) {
        return downcall(name, FunctionDescriptor.of(result, arguments), ERRNO);
    }

    private static MethodHandle bindVariadic(
            int fixed, String name, ValueLayout result, MemoryLayout... arguments) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        return downcall(name, descriptor, ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    static MethodHandle downcall(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol =
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(
                                () ->
                                        new UnsatisfiedLinkError(
                                                "the C library has no "
                                                        + name
                                                        + ": vpmd needs Linux with glibc 2.35"
                                                        + " or newer"));
        return LINKER.downcallHandle(symbol, descriptor, options);
    }

    private static AssertionError unexpected(Throwable t) {
        if (t instanceof Error e) {
            throw e;
        }
        if (t instanceof RuntimeException e) {
            throw e;
        }
        return new AssertionError(t);
    }
}
