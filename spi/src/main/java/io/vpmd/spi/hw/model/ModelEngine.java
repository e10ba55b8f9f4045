// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;

/**
 * The thread that makes a model live. It polls while there is work, and for a moment after it; then
 * it sleeps until a doorbell, a frame or a timer.
 */
public final class ModelEngine implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ModelEngine.class.getName());
    private static final int EMPTY_TURNS = 200;
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final DeviceModel device;
    private final Wire wire;
    private final Thread thread;
    private volatile boolean sleeping;
    private volatile boolean closed;

    private ModelEngine(DeviceModel device, Wire wire) {
        this.device = device;
        this.wire = wire;
        this.thread =
                Thread.ofPlatform().daemon().name("vpmd-model-" + device).unstarted(this::run);
    }

    /** Begins to take turns. */
    public static ModelEngine start(DeviceModel device, Wire wire) {
        ModelEngine engine = new ModelEngine(device, wire);
        device.onWake(engine::wake);
        engine.thread.start();
        return engine;
    }

    private void run() {
        int empty = 0;
        while (!closed) {
            try {
                empty = device.turn() > 0 ? 0 : empty + 1;
                if (empty > EMPTY_TURNS) {
                    sleep();
                    empty = 0;
                } else if (empty > 0) {
                    Thread.onSpinWait();
                }
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, device + " is removed, because its model failed", e);
                device.remove();
                return;
            }
        }
    }

    private void sleep() {
        sleeping = true;
        // A doorbell either sees this or is seen in the turn below.
        VarHandle.fullFence();
        if (device.turn() == 0 && !closed) {
            wire.await(device.sleepNanos());
        }
        sleeping = false;
    }

    private void wake() {
        if (sleeping) {
            wire.wake(thread);
        }
    }

    /** Returns when no turn is being taken any more, or after 5 seconds. Idempotent. */
    @Override
    public void close() {
        closed = true;
        device.onWake(() -> {});
        wire.wake(thread);
        try {
            thread.join(CLOSE_TIMEOUT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
