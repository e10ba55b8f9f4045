// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/**
 * System calls through libc. Every method returns what the call returned, or the negated errno, as
 * the kernel itself does; nothing here throws for a failed call. Segments must be native and alive.
 * These are for the control path: keeping errno may allocate; bursts use {@link BurstCalls}.
 */
public final class Libc {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;

    private static final int AT_EMPTY_PATH = 0x1000;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /* One capture area a thread: a call is followed at once by the read of its errno. */
    private static final ThreadLocal<MemorySegment> CAPTURE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private static final MethodHandle CALL =
            CFunction.handle(Linker.Option.captureCallState("errno"));

    private static final MemorySegment OPEN = CFunction.find("open");
    private static final MemorySegment CLOSE = CFunction.find("close");
    private static final MemorySegment READ = CFunction.find("read");
    private static final MemorySegment WRITE = CFunction.find("write");
    private static final MemorySegment PREAD = CFunction.find("pread");
    private static final MemorySegment PWRITE = CFunction.find("pwrite");
    private static final MemorySegment WRITEV = CFunction.find("writev");
    private static final MemorySegment IOCTL = CFunction.find("ioctl");
    private static final MemorySegment FCNTL = CFunction.find("fcntl");
    private static final MemorySegment SOCKET = CFunction.find("socket");
    private static final MemorySegment BIND = CFunction.find("bind");
    private static final MemorySegment CONNECT = CFunction.find("connect");
    private static final MemorySegment SETSOCKOPT = CFunction.find("setsockopt");
    private static final MemorySegment SEND = CFunction.find("send");
    private static final MemorySegment RECV = CFunction.find("recv");
    private static final MemorySegment LISTEN = CFunction.find("listen");
    private static final MemorySegment ACCEPT4 = CFunction.find("accept4");
    private static final MemorySegment SHUTDOWN = CFunction.find("shutdown");
    private static final MemorySegment SOCKETPAIR = CFunction.find("socketpair");
    private static final MemorySegment SENDMSG = CFunction.find("sendmsg");
    private static final MemorySegment RECVMSG = CFunction.find("recvmsg");
    private static final MemorySegment STATX = CFunction.find("statx");
    private static final MemorySegment POLL = CFunction.find("poll");
    private static final MemorySegment SETNS = CFunction.find("setns");
    private static final MemorySegment KILL = CFunction.find("kill");
    private static final MemorySegment PRCTL = CFunction.find("prctl");
    private static final MemorySegment EVENTFD = CFunction.find("eventfd");
    private static final MemorySegment EPOLL_CREATE1 = CFunction.find("epoll_create1");
    private static final MemorySegment EPOLL_CTL = CFunction.find("epoll_ctl");
    private static final MemorySegment MEMFD_CREATE = CFunction.find("memfd_create");
    private static final MemorySegment MLOCKALL = CFunction.find("mlockall");
    private static final MemorySegment FTRUNCATE = CFunction.find("ftruncate");
    private static final MemorySegment MMAP = CFunction.find("mmap");
    private static final MemorySegment MUNMAP = CFunction.find("munmap");
    private static final MemorySegment SCHED_SETAFFINITY = CFunction.find("sched_setaffinity");
    private static final MemorySegment SCHED_GETAFFINITY = CFunction.find("sched_getaffinity");
    private static final MemorySegment SYSCALL = CFunction.find("syscall");

    private Libc() {}

    public static int open(String path, int flags, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            return call(OPEN, arena.allocateFrom(path).address(), flags, mode);
        }
    }

    public static int close(int fd) {
        return call(CLOSE, fd);
    }

    public static int read(int fd, MemorySegment buffer, long length) {
        try {
            return call(READ, fd, address(buffer), length);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static int write(int fd, MemorySegment buffer, long length) {
        try {
            return call(WRITE, fd, address(buffer), length);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    /** write(2) from a native address. */
    public static int write(int fd, long address, long length) {
        return call(WRITE, fd, address, length);
    }

    public static int pread(int fd, MemorySegment buffer, long length, long offset) {
        try {
            return call(PREAD, fd, address(buffer), length, offset);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static int pwrite(int fd, MemorySegment buffer, long length, long offset) {
        try {
            return call(PWRITE, fd, address(buffer), length, offset);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static int writev(int fd, MemorySegment iovecs, int count) {
        try {
            return call(WRITEV, fd, address(iovecs), count);
        } finally {
            Reference.reachabilityFence(iovecs);
        }
    }

    public static int ioctl(int fd, long request, MemorySegment argument) {
        try {
            return call(IOCTL, fd, request, address(argument));
        } finally {
            Reference.reachabilityFence(argument);
        }
    }

    public static int ioctl(int fd, long request, long argument) {
        return call(IOCTL, fd, request, argument);
    }

    public static int fcntl(int fd, int command, MemorySegment argument) {
        try {
            return call(FCNTL, fd, command, address(argument));
        } finally {
            Reference.reachabilityFence(argument);
        }
    }

    /** fcntl(2) with a number; the kernel reads it as a long, and some commands as an int. */
    public static int fcntl(int fd, int command, long argument) {
        return call(FCNTL, fd, command, argument);
    }

    public static int socket(int domain, int type, int protocol) {
        return call(SOCKET, domain, type, protocol);
    }

    public static int bind(int fd, MemorySegment address) {
        try {
            return call(BIND, fd, address(address), address.byteSize());
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    public static int connect(int fd, MemorySegment address) {
        try {
            return call(CONNECT, fd, address(address), address.byteSize());
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    public static int setsockopt(int fd, int level, int option, MemorySegment value) {
        try {
            return call(SETSOCKOPT, fd, level, option, address(value), value.byteSize());
        } finally {
            Reference.reachabilityFence(value);
        }
    }

    public static int send(int fd, MemorySegment buffer, long length, int flags) {
        try {
            return call(SEND, fd, address(buffer), length, flags);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static int recv(int fd, MemorySegment buffer, long length, int flags) {
        try {
            return call(RECV, fd, address(buffer), length, flags);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static int listen(int fd, int backlog) {
        return call(LISTEN, fd, backlog);
    }

    /** accept4(2) that does not ask who connects. */
    public static int accept4(int fd, int flags) {
        return call(ACCEPT4, fd, 0, 0, flags);
    }

    public static int shutdown(int fd, int how) {
        return call(SHUTDOWN, fd, how);
    }

    public static int socketpair(int domain, int type, int protocol, MemorySegment fds) {
        try {
            return call(SOCKETPAIR, domain, type, protocol, address(fds));
        } finally {
            Reference.reachabilityFence(fds);
        }
    }

    /** sendmsg(2); what the header points to stays alive as long as the header does. */
    public static int sendmsg(int fd, MemorySegment header, int flags) {
        try {
            return call(SENDMSG, fd, address(header), flags);
        } finally {
            Reference.reachabilityFence(header);
        }
    }

    /** recvmsg(2), likewise. */
    public static int recvmsg(int fd, MemorySegment header, int flags) {
        try {
            return call(RECVMSG, fd, address(header), flags);
        } finally {
            Reference.reachabilityFence(header);
        }
    }

    /** statx(2) of an open descriptor. */
    public static int statx(int fd, int mask, MemorySegment into) {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocateFrom("").address();
            return call(STATX, fd, empty, AT_EMPTY_PATH, mask, address(into));
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    public static int poll(MemorySegment pollfds, long count, int timeoutMillis) {
        try {
            return call(POLL, address(pollfds), count, timeoutMillis);
        } finally {
            Reference.reachabilityFence(pollfds);
        }
    }

    /** Moves the calling platform thread, and every thread it starts later, to a namespace. */
    public static int setns(int fd, int type) {
        return call(SETNS, fd, type);
    }

    public static int kill(int pid, int signal) {
        return call(KILL, pid, signal);
    }

    public static int prctl(int option, MemorySegment argument) {
        try {
            return call(PRCTL, option, address(argument));
        } finally {
            Reference.reachabilityFence(argument);
        }
    }

    public static int eventfd(int initial, int flags) {
        return call(EVENTFD, initial, flags);
    }

    public static int epollCreate1(int flags) {
        return call(EPOLL_CREATE1, flags);
    }

    public static int epollCtl(int epfd, int operation, int fd, MemorySegment event) {
        try {
            return call(EPOLL_CTL, epfd, operation, fd, address(event));
        } finally {
            Reference.reachabilityFence(event);
        }
    }

    public static int memfdCreate(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return call(MEMFD_CREATE, arena.allocateFrom(name).address(), flags);
        }
    }

    public static int ftruncate(int fd, long length) {
        return call(FTRUNCATE, fd, length);
    }

    /** mmap(2) at an address the kernel picks; returns the address or the negated errno. */
    public static long mmap(long length, int protection, int flags, int fd, long offset) {
        return mmapAt(0, length, protection, flags, fd, offset);
    }

    /** mmap(2) in place of what is at {@code at}; returns the address or the negated errno. */
    public static long mmapAt(
            long at, long length, int protection, int flags, int fd, long offset) {
        MemorySegment state = CAPTURE.get();
        long address = invoke(MMAP, state, at, length, protection, flags, fd, offset, 0);
        return address == -1L ? -state.get(JAVA_INT, ERRNO_OFFSET) : address;
    }

    public static int munmap(long address, long length) {
        return call(MUNMAP, address, length);
    }

    public static int mlockall(int flags) {
        return call(MLOCKALL, flags);
    }

    public static int schedSetaffinity(int tid, MemorySegment mask) {
        try {
            return call(SCHED_SETAFFINITY, tid, mask.byteSize(), address(mask));
        } finally {
            Reference.reachabilityFence(mask);
        }
    }

    public static int schedGetaffinity(int tid, MemorySegment mask) {
        try {
            return call(SCHED_GETAFFINITY, tid, mask.byteSize(), address(mask));
        } finally {
            Reference.reachabilityFence(mask);
        }
    }

    public static int syscall(long number, long a, long b, long c) {
        return call(SYSCALL, number, a, b, c);
    }

    public static int syscall(long number, long a, long b, long c, long d, long e, long f) {
        return call(SYSCALL, number, a, b, c, d, e, f);
    }

    private static long address(MemorySegment segment) {
        if (!segment.isNative() || !segment.scope().isAlive()) {
            throw new IllegalArgumentException(segment + " is not native memory that is alive");
        }
        return segment.address();
    }

    private static int call(MemorySegment function, long a) {
        return call(function, a, 0, 0, 0, 0, 0, 0);
    }

    private static int call(MemorySegment function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0, 0);
    }

    private static int call(MemorySegment function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0, 0);
    }

    private static int call(MemorySegment function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0, 0);
    }

    private static int call(MemorySegment function, long a, long b, long c, long d, long e) {
        return call(function, a, b, c, d, e, 0, 0);
    }

    private static int call(
            MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        MemorySegment state = CAPTURE.get();
        int result = (int) invoke(function, state, a, b, c, d, e, f, g);
        return result >= 0 ? result : -state.get(JAVA_INT, ERRNO_OFFSET);
    }

    private static long invoke(
            MemorySegment function,
            MemorySegment state,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g) {
        try {
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw CFunction.unexpected(t);
        }
    }
}
