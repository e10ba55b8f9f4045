// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A wire whose other end is in the hands of a test. Methods of the other end: any thread. */
public final class FrameQueue implements Wire {
    private static final int BYTES = 1 << 20;
    private static final int MAX_FRAME = 1 << 16;

    private final FrameBuffer toDevice = new FrameBuffer(BYTES);
    private final FrameBuffer fromDevice = new FrameBuffer(BYTES);
    private final byte[] scratch = new byte[MAX_FRAME];
    private volatile boolean up = true;
    private volatile @Nullable Thread sleeping;

    public FrameQueue() {}

    /** Other end: sends a frame, padded to the smallest length; false when the wire is full. */
    public boolean inject(byte[] frame) {
        boolean taken;
        synchronized (toDevice) {
            taken = append(frame);
        }
        LockSupport.unpark(sleeping);
        return taken;
    }

    private boolean append(byte[] frame) {
        if (frame.length >= MIN_FRAME) {
            return toDevice.append(frame, 0, frame.length);
        }
        Arrays.fill(scratch, frame.length, MIN_FRAME, (byte) 0);
        System.arraycopy(frame, 0, scratch, 0, frame.length);
        return toDevice.append(scratch, 0, MIN_FRAME);
    }

    /** Other end: takes the next frame that the device sent. */
    public Optional<byte[]> collect() {
        synchronized (fromDevice) {
            int length = fromDevice.firstLength();
            if (length == 0) {
                return Optional.empty();
            }
            byte[] frame = new byte[length];
            fromDevice.first(frame);
            fromDevice.dropFirst();
            return Optional.of(frame);
        }
    }

    /** Other end: frames that the device has not taken yet. */
    public int waiting() {
        synchronized (toDevice) {
            return toDevice.frames();
        }
    }

    /** Other end: switches itself on or off. */
    public void setUp(boolean on) {
        up = on;
        LockSupport.unpark(sleeping);
    }

    @Override
    public boolean up() {
        return up;
    }

    @Override
    public boolean send(byte[] frame, int at, int length) {
        synchronized (fromDevice) {
            return fromDevice.append(frame, at, length);
        }
    }

    @Override
    public int receive(byte[] into) {
        synchronized (toDevice) {
            int length = toDevice.first(into);
            if (length > 0) {
                toDevice.dropFirst();
            }
            return length;
        }
    }

    @Override
    public void await(long nanos) {
        sleeping = Thread.currentThread();
        if (waiting() == 0) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeping = null;
    }
}
