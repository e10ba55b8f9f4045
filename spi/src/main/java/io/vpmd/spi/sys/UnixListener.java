// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A socket of the Unix domain that others connect to. One thread accepts; any may close it, which
 * ends that.
 */
public final class UnixListener implements AutoCloseable {
    private static final int BACKLOG = 4;

    private final Path path;
    private final int fd;
    private final Epoll epoll = new Epoll();
    private final EventFd wake = new EventFd();
    private volatile boolean closing;
    private boolean closed;

    private UnixListener(Path path, int fd) {
        this.path = path;
        this.fd = fd;
        epoll.add(fd);
        epoll.add(wake.fd());
    }

    /**
     * Makes the socket's file and listens. A file that a process has left behind is replaced.
     *
     * @throws ErrnoException EADDRINUSE when somebody listens there or the file is no socket
     */
    public static UnixListener listen(Path path) {
        removeStale(path);
        int type = UnixSocket.SOCK_STREAM | Libc.O_CLOEXEC | Libc.O_NONBLOCK;
        int fd = ErrnoException.check(Libc.socket(UnixSocket.AF_UNIX, type, 0), "socket", "unix");
        try (Arena scratch = Arena.ofConfined()) {
            String name = path.toString();
            ErrnoException.check(Libc.bind(fd, UnixSocket.address(path, scratch)), "bind", name);
            ErrnoException.check(Libc.listen(fd, BACKLOG), "listen", name);
            return new UnixListener(path, fd);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    private static void removeStale(Path path) {
        try (UnixSocket _ = UnixSocket.connect(path, 1)) {
            throw new ErrnoException("bind", path.toString(), Errno.EADDRINUSE);
        } catch (ErrnoException e) {
            // A plain file refuses as well, so it is not enough that nobody answers.
            if (e.errno() == Errno.ECONNREFUSED && !Files.isRegularFile(path)) {
                delete(path);
            } else if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next who connects; null when the listener is closed. */
    public @Nullable UnixSocket accept() {
        while (!closing) {
            int connected = Libc.accept4(fd, Libc.O_CLOEXEC);
            if (connected >= 0) {
                return new UnixSocket(connected);
            }
            // Out of descriptors is no reason to spin.
            epoll.await(connected == -Errno.EAGAIN ? Long.MAX_VALUE : 100_000_000L);
        }
        return null;
    }

    /** Ends an {@link #accept} under way, and all later ones. */
    public void stop() {
        closing = true;
        wake.signal();
    }

    /** To be called when nobody accepts any more; removes the file. Idempotent. */
    @Override
    public synchronized void close() {
        stop();
        if (!closed) {
            closed = true;
            epoll.close();
            wake.close();
            Libc.close(fd);
            delete(path);
        }
    }
}
