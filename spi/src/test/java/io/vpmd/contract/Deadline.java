// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import org.opentest4j.AssertionFailedError;

import java.util.concurrent.TimeUnit;

/** The end of a bounded wait. */
final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(long millis) {
        return new Deadline(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    boolean over() {
        return System.nanoTime() - end > 0;
    }

    /** Fails the case with {@code problem} when the time is over, else lets other threads run. */
    void check(String problem) {
        if (over()) {
            throw new AssertionFailedError(problem);
        }
        Deadline.letOthersRun();
    }

    /** For threads that poll: there are more of them than cores. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void letOthersRun() {
        Thread.yield();
    }
}
