// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Says that a run is to end: because somebody asked for it, or because something broke. */
public final class EndRequest {
    private final CountDownLatch latch = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** A run that goes on until told otherwise. */
    public EndRequest() {}

    /** Ends the run. Any thread. */
    public void end() {
        latch.countDown();
    }

    /** Ends the run because of {@code cause}; the first cause counts. Any thread. */
    public void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        latch.countDown();
    }

    /** Whether the run is to end. */
    public boolean requested() {
        return latch.getCount() == 0;
    }

    /**
     * Waits until the run is to end, at most this long.
     *
     * @return whether it is
     */
    public boolean await(long nanos) {
        try {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            end();
            return true;
        }
    }

    /** Throws what broke, if something did. */
    public void rethrow() {
        Throwable cause = failure.get();
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
    }
}
