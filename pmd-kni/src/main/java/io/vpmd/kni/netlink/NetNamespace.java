// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A network namespace, held by an open descriptor: it lives at least as long as this object is
 * open. Any thread may use it.
 */
public final class NetNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final Path NAMED = Path.of("/run/netns");
    private static final long CALL_TIMEOUT_MILLIS = 30_000;

    private final String name;
    private final long inode;
    private int fd;

    private NetNamespace(String name, int fd) {
        this.name = name;
        this.fd = fd;
        this.inode = inode("/proc/self/fd/" + fd);
    }

    /** The namespace of the calling thread. */
    public static NetNamespace current() {
        return open("current", "/proc/thread-self/ns/net");
    }

    /**
     * The namespace that a {@code netns=} option names.
     *
     * @param spec a name below /run/netns, a path, or the number of a process
     * @throws NetNamespaceException when there is none, or it may not be opened
     */
    public static NetNamespace of(String spec) {
        if (spec.matches("[0-9]+") && !Files.exists(NAMED.resolve(spec))) {
            return open(spec, "/proc/" + spec + "/ns/net");
        }
        if (spec.isEmpty() || spec.equals(".") || spec.equals("..")) {
            throw none(spec);
        }
        return open(spec, spec.contains("/") ? spec : NAMED.resolve(spec).toString());
    }

    /** Takes over a descriptor of a namespace, which {@link #close} closes. */
    public static NetNamespace ofDescriptor(int fd) {
        return new NetNamespace("fd " + fd, fd);
    }

    private static NetNamespace open(String name, String path) {
        int fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd == -Errno.ENOENT) {
            throw none(name);
        }
        if (fd < 0) {
            throw failed("open", name, -fd);
        }
        NetNamespace namespace = new NetNamespace(name, fd);
        if (namespace.inode == 0) {
            namespace.close();
            throw new NetNamespaceException(
                    "open",
                    name,
                    path + " is no network namespace",
                    "give a name of `ip netns list`, a path or a process id");
        }
        return namespace;
    }

    /** A number that no other live namespace has. */
    public long inode() {
        return inode;
    }

    /** The open descriptor; it stays this object's. */
    public synchronized int fd() {
        if (fd < 0) {
            throw new NetNamespaceException("use", name, "it is closed", "open it again");
        }
        return fd;
    }

    /**
     * Runs {@code task} inside the namespace, on a thread of its own that ends afterwards: threads
     * inherit the namespace, so the task must not start any. Sockets and files it opens keep
     * working elsewhere. What the task throws is thrown here.
     *
     * @throws NetNamespaceException when this process may not enter it
     */
    public <T> T call(Supplier<T> task) {
        if (inode("/proc/thread-self/ns/net") == inode) {
            // Nothing to enter, so no privilege is needed either.
            return task.get();
        }
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("vpmd-netns")
                        .start(
                                () -> {
                                    try {
                                        enter();
                                        result.set(task.get());
                                    } catch (RuntimeException | Error e) {
                                        failure.set(e);
                                    }
                                });
        join(thread);
        return outcome(result.get(), failure.get());
    }

    private void enter() {
        int error = Libc.setns(fd(), CLONE_NEWNET);
        if (error < 0) {
            throw failed("enter", name, -error);
        }
    }

    private void join(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            if (!thread.join(java.time.Duration.ofMillis(CALL_TIMEOUT_MILLIS))) {
                throw new NetNamespaceException(
                        "enter", name, "no end within 30 s", "look what blocks the kernel");
            }
        } catch (InterruptedException e) {
            interrupted = true;
            throw new NetNamespaceException(
                    "enter", name, "the caller was interrupted", "call it again");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T outcome(@Nullable T result, @Nullable Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        if (result == null) {
            throw new AssertionError("a task without result");
        }
        return result;
    }

    /** From the link's text, {@code net:[4026531840]}; 0 when it is something else. */
    private static long inode(String link) {
        try {
            String target = Files.readSymbolicLink(Path.of(link)).toString();
            if (target.startsWith("net:[")) {
                return Long.parseLong(target.substring(5, target.length() - 1));
            }
            // A bind mount below /run/netns shows its path, and its inode is the namespace's.
            Path file = Path.of(link);
            return Files.getFileStore(file).type().equals("nsfs")
                    ? (Long) Files.getAttribute(file, "unix:ino")
                    : 0;
        } catch (IOException | NumberFormatException | UnsupportedOperationException _) {
            return 0;
        }
    }

    private static NetNamespaceException none(String name) {
        return new NetNamespaceException(
                "open",
                name,
                "there is no such network namespace",
                "make it with `ip netns add`, or give a path or a process id");
    }

    private static NetNamespaceException failed(String operation, String name, int errno) {
        boolean denied = errno == Errno.EPERM || errno == Errno.EACCES;
        return new NetNamespaceException(
                operation,
                name,
                denied
                        ? "no privilege (" + Errno.name(errno) + ")"
                        : "the kernel says " + Errno.name(errno),
                denied
                        ? "run it as root or with CAP_SYS_ADMIN"
                        : "give a name of `ip netns list`, a path or a process id");
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
