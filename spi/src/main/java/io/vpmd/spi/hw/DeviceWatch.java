// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks after a device every so many milliseconds, on a thread of its own. */
public final class DeviceWatch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(DeviceWatch.class.getName());
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final String port;
    private final long periodNanos;
    private final Runnable look;
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
    }

    public synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().daemon().name("vpmd-watch-" + port).start(this::run);
        }
    }

    private void run() {
        while (!closed) {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "looking after " + port + " failed", e);
            }
            LockSupport.parkNanos(periodNanos);
        }
    }

    /** Returns when nobody looks any more, or after 5 seconds. Idempotent. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
        }
        if (ending == null || ending.equals(Thread.currentThread())) {
            return;
        }
        LockSupport.unpark(ending);
        try {
            ending.join(CLOSE_TIMEOUT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
