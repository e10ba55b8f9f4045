// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The interrupt vectors of a device and who hears them: an eventfd of a driver, a callback, nobody.
 * Any thread; signalling allocates nothing.
 */
public final class MsixVectors {
    private final AtomicReferenceArray<@Nullable Runnable> targets;
    private final long[] signals;

    public MsixVectors(int count) {
        targets = new AtomicReferenceArray<>(count);
        signals = new long[count];
    }

    public int count() {
        return targets.length();
    }

    /**
     * Says who hears a vector from now on.
     *
     * @param target called on the device's threads with its lock held, so that it must not block;
     *     {@code EventFd::signal} does. Null for nobody
     */
    public void connect(int vector, @Nullable Runnable target) {
        targets.set(vector, target);
    }

    public void disconnectAll() {
        for (int i = 0; i < count(); i++) {
            targets.set(i, null);
        }
    }

    /** For the model, with the device's lock held. */
    public void signal(int vector) {
        if (vector >= count()) {
            return;
        }
        signals[vector]++;
        Runnable target = targets.get(vector);
        if (target != null) {
            target.run();
        }
    }

    /** How often a vector was signalled, heard or not. */
    public long signals(int vector) {
        return signals[vector];
    }
}
