// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.sys.Epoll;
import io.vpmd.spi.sys.EventFd;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Looks after a device on a thread of its own: every so many milliseconds, and when a descriptor,
 * such as an interrupt's, becomes readable.
 */
public final class DeviceWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DeviceWatch.class.getName());
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final String port;
    private final long periodNanos;
    private final Runnable look;
    private final Epoll epoll = new Epoll();
    private final EventFd wake = new EventFd();
    private final Map<Integer, Runnable> actions = new HashMap<>();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /**
     * A watch that has not begun.
     *
     * @param look must not block, nor take the port's lock
     */
    public DeviceWatch(String port, long periodMillis, Runnable look) {
        this.port = port;
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.look = look;
        epoll.add(wake.fd());
    }

    /**
     * Before {@link #start}: runs {@code action} whenever {@code fd} is readable, under the same
     * rules as {@code look}. It makes the descriptor unreadable again, or closes the watch.
     */
    public void add(int fd, Runnable action) {
        epoll.add(fd);
        actions.put(fd, action);
    }

    public synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().daemon().name("vpmd-watch-" + port).start(this::run);
        }
    }

    private void run() {
        while (!closed) {
            attempt(look);
            int ready = closed ? 0 : epoll.await(periodNanos);
            for (int i = 0; i < ready && !closed; i++) {
                Runnable action = actions.get(epoll.ready(i));
                if (action != null) {
                    attempt(action);
                }
            }
        }
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "looking after " + port + " failed", e);
        }
    }

    /**
     * Returns when nobody looks any more, or after 5 seconds; on the watch's own thread at once,
     * after which nothing of it runs any more. Idempotent.
     */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
        }
        if (ending != null && ending.equals(Thread.currentThread())) {
            return;
        }
        wake.signal();
        if (ending != null && !ended(ending)) {
            return;
        }
        epoll.close();
        wake.close();
    }

    private static boolean ended(Thread thread) {
        try {
            return thread.join(java.time.Duration.ofMillis(CLOSE_TIMEOUT_MILLIS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
