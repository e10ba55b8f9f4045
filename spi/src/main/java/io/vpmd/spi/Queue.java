// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The gate in front of a queue: lets one thread at a time burst without locks, and lets a control
 * thread find out that nobody does.
 *
 * <pre>
 *   burst thread                      control thread
 *   (A) busy = 1                      (C) open = 0
 *   (B) if (open) ...                 (M) membarrier
 *   ...                               (D) wait until busy == 0
 *   (E) busy = 0, release             ... may change what the burst uses
 * </pre>
 *
 * The burst side orders (A) before (B) for the compiler only; (M) makes every running thread pass a
 * full barrier, so either the burst thread sees open == 0 or the control thread sees busy == 1.
 */
public abstract class Queue {
    static final boolean DEBUG = Boolean.getBoolean("vpmd.debug");

    private static final VarHandle BUSY;
    private static final VarHandle OPEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BUSY = lookup.findVarHandle(Queue.class, "busy", int.class);
            OPEN = lookup.findVarHandle(Queue.class, "open", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int index;

    @SuppressWarnings("unused") // through BUSY
    private int busy;

    @SuppressWarnings("unused") // through OPEN
    private int open;

    /* Written and read by control threads with the port's lock. */
    private boolean held;

    Queue(int index) {
        this.index = index;
    }

    /** Number of this queue among those of its direction. */
    public final int index() {
        return index;
    }

    /**
     * Opens a burst: a driver's burst method calls it first, and touches nothing of the port when
     * it answers false. Each call that answered true is followed by {@link #leave()}, in a finally
     * block.
     */
    protected final boolean enter() {
        if (DEBUG) {
            enterAlone();
        } else {
            BUSY.setOpaque(this, 1); // (A)
        }
        // Keeps the compiler from reading (B) before (A); no instruction on x86-64.
        VarHandle.acquireFence();
        if ((int) OPEN.getOpaque(this) != 0) { // (B)
            VarHandle.acquireFence();
            return true;
        }
        leave();
        return false;
    }

    /** Closes a burst. */
    protected final void leave() {
        BUSY.setRelease(this, 0); // (E)
    }

    private void enterAlone() {
        if (!BUSY.compareAndSet(this, 0, 1)) {
            throw new IllegalStateException(
                    "two threads in " + this + " at one time; a queue belongs to one thread");
        }
    }

    final void openGate() {
        if (!held) {
            OPEN.setRelease(this, 1);
        }
    }

    /** Keeps the gate shut while the port's others open, or no longer. */
    final void hold(boolean on) {
        held = on;
    }

    final boolean held() {
        return held;
    }

    final void closeGate() {
        OPEN.setRelease(this, 0); // (C)
    }

    /** Whether a thread is inside a burst. */
    final boolean busy() {
        return (int) BUSY.getAcquire(this) != 0; // (D)
    }
}
