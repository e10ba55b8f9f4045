// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs a port's handlers and listeners, one at a time and in order. Started on first use. */
final class ControlThread {
    private static final Logger LOG = System.getLogger(ControlThread.class.getName());
    private final String name;
    private final LinkedBlockingQueue<Optional<Runnable>> tasks = new LinkedBlockingQueue<>();
    private @Nullable Thread thread;
    private boolean closed;

    ControlThread(String name) {
        this.name = name;
    }

    /** Runs {@code task} later; drops it after {@link #close}. */
    synchronized void post(Runnable task) {
        if (closed) {
            return;
        }
        tasks.add(Optional.of(task));
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("vpmd-control-" + name).start(this::run);
        }
    }

    boolean isCurrent() {
        synchronized (this) {
            return Thread.currentThread().equals(thread);
        }
    }

    private void run() {
        try {
            Optional<Runnable> task = tasks.take();
            while (task.isPresent()) {
                runOne(task.get());
                task = tasks.take();
            }
        } catch (InterruptedException _) {
            // Somebody wants this thread to end: it does.
        }
    }

    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a handler of port " + name + " failed", e);
        }
    }

    /**
     * Ends the thread after the task that runs.
     *
     * @return false when that task did not end in time
     */
    boolean close(long timeoutMillis) {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
            tasks.clear();
            tasks.add(Optional.empty());
        }
        if (ending == null) {
            return true;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        while (ending.isAlive() && System.nanoTime() - deadline < 0) {
            try {
                ending.join(Math.max(1, timeoutMillis / 10));
            } catch (InterruptedException _) {
                // Closing is not given up half-way; the caller finds its flag set again.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !ending.isAlive();
    }
}
