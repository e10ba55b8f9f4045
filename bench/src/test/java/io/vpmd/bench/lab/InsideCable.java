// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.FrameQueue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The cable of a model in this process, whose far end is a virtio serial port of the guest that
 * drives the model. From there {@link #PULL} and {@link #PLUG}, which are shorter than any frame,
 * move the plug.
 */
final class InsideCable implements AutoCloseable {
    static final byte[] PULL = {0};
    static final byte[] PLUG = {1};
    private static final long IDLE_NANOS = 1_000_000;

    private final DeviceModel model;
    private final FrameQueue queue;
    private final Wire inside;
    private final Thread toGuest;
    private final Thread toModel;
    private volatile boolean closed;

    /**
     * Connects the two.
     *
     * @param queue the model's wire
     * @param socket of the virtio serial port
     */
    InsideCable(DeviceModel model, FrameQueue queue, Path socket) {
        this.model = model;
        this.queue = queue;
        inside = Wire.connect(socket);
        toGuest = Thread.ofPlatform().daemon().name("cable-to-guest").start(this::toGuest);
        toModel = Thread.ofPlatform().daemon().name("cable-to-model").start(this::toModel);
    }

    private void toGuest() {
        while (!closed) {
            Optional<byte[]> frame = queue.collect();
            if (frame.isPresent()) {
                inside.send(frame.get());
            } else {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    private void toModel() {
        while (!closed) {
            inside.await(Patience.STEP_MILLIS).ifPresent(this::toModel);
        }
    }

    private void toModel(byte[] frame) {
        if (frame.length == 1) {
            model.setCable(frame[0] == PLUG[0]);
            return;
        }
        while (!queue.inject(frame) && !closed) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            toGuest.join(5_000);
            toModel.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inside.close();
    }
}
