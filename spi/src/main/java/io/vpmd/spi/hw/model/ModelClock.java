// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/** The time of a model. */
public interface ModelClock {
    /** The time of this machine. */
    ModelClock SYSTEM = System::nanoTime;

    /** Nanoseconds since some moment. */
    long nanos();

    /** A clock that stands still until it is moved. Any thread. */
    final class Manual implements ModelClock {
        private volatile long now;

        public Manual() {}

        @Override
        public long nanos() {
            return now;
        }

        public synchronized void advance(long nanos) {
            now += nanos;
        }
    }
}
