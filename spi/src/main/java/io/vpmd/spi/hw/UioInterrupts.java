// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.vpmd.spi.sys.Epoll;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * The one interrupt of a UIO device, which its descriptor counts, made an event; and its end: the
 * descriptor of a device that was unbound gives an error.
 */
final class UioInterrupts implements AutoCloseable {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long END_MILLIS = 5_000;

    private final int fd;
    private final Runnable gone;
    private final Epoll epoll = new Epoll();
    private final EventFd end = new EventFd();
    private final EventFd request = new EventFd();
    private final Thread thread;
    private volatile @Nullable EventFd event;
    private volatile boolean ending;

    /**
     * Begins to listen.
     *
     * @param fd the open device, which stays the caller's
     * @param gone called on the thread of this class when the device was unbound
     */
    UioInterrupts(int fd, String device, Runnable gone) {
        this.fd = fd;
        this.gone = gone;
        epoll.add(end.fd());
        epoll.add(fd);
        thread = Thread.ofPlatform().daemon().name("vpmd-uio-" + device).start(this::run);
    }

    /** What an interrupt signals from now on; null for nothing. */
    void connect(@Nullable EventFd to) {
        event = to;
    }

    int requestFd() {
        return request.fd();
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            while (!ending) {
                if (epoll.await(PERIOD_NANOS) == 0 || ending) {
                    continue;
                }
                if (Libc.read(fd, count, JAVA_INT.byteSize()) != JAVA_INT.byteSize()) {
                    gone.run();
                    request.signal();
                    return;
                }
                EventFd to = event;
                if (to != null) {
                    to.signal();
                }
            }
        }
    }

    @Override
    public void close() {
        ending = true;
        end.signal();
        try {
            if (!thread.equals(Thread.currentThread()) && !thread.join(limit())) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        epoll.close();
        end.close();
        request.close();
    }

    private static java.time.Duration limit() {
        return java.time.Duration.ofMillis(END_MILLIS);
    }
}
