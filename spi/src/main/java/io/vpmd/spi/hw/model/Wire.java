// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * The cable of a model and the MAC at its other end. Frames are without their check sequence; what
 * arrives has at least 60 bytes. One thread, but for {@link #wake}; nothing allocates.
 */
public interface Wire extends AutoCloseable {
    /** A cable with nothing at its other end. */
    Wire UNPLUGGED =
            new Wire() {
                @Override
                public boolean up() {
                    return false;
                }

                @Override
                public boolean send(byte[] frame, int at, int length) {
                    return true;
                }

                @Override
                public int receive(byte[] into) {
                    return 0;
                }
            };

    /** Smallest frame, without its check sequence. */
    int MIN_FRAME = 60;

    /** Whether the other end is there and ready. */
    boolean up();

    /**
     * Sends a frame.
     *
     * @return false when the other end takes none at the moment; the frame stays the caller's
     */
    boolean send(byte[] frame, int at, int length);

    /**
     * Takes the next frame that has arrived.
     *
     * @return its length, 0 for none
     */
    int receive(byte[] into);

    /** The device takes frames of up to this length from now on; a hint for the other end. */
    default void maxFrame(int bytes) {}

    /** Ends what {@link #send} has begun; called when nothing else is sent for the moment. */
    default void flush() {}

    /**
     * Sleeps until a frame arrives, {@link #wake} is called or the time is over; may return early.
     */
    default void await(long nanos) {
        java.util.concurrent.locks.LockSupport.parkNanos(this, nanos);
    }

    /** Ends the sleep of {@code sleeper}, or its next one. Any thread. */
    default void wake(Thread sleeper) {
        java.util.concurrent.locks.LockSupport.unpark(sleeper);
    }

    @Override
    default void close() {}
}
