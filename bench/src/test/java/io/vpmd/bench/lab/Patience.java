// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

/**
 * A limit for waiting in steps. A step counts for at most twice what it should take, so that a
 * machine that stands still for a minute does not use the patience up.
 */
final class Patience {
    static final long STEP_MILLIS = 100;

    private long leftNanos;
    private long lastNanos = System.nanoTime();

    Patience(int seconds) {
        leftNanos = seconds * 1_000_000_000L;
    }

    /** To be asked once a step. */
    boolean over() {
        long now = System.nanoTime();
        leftNanos -= Math.min(now - lastNanos, 2 * STEP_MILLIS * 1_000_000);
        lastNanos = now;
        return leftNanos <= 0;
    }
}
