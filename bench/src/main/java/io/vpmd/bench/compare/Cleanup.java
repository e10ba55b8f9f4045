// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be undone, last first: at the end, on failure, and when a signal ends the JVM. Nothing
 * is begun any more once the undoing has started.
 */
final class Cleanup implements AutoCloseable {
    /** Something to do or undo. */
    interface Action {
        void run() throws Exception;
    }

    private final Deque<Action> undo = new ArrayDeque<>();
    private boolean closed;

    Cleanup() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "cleanup"));
    }

    /**
     * Does something that {@code undoing} takes back, also when it was done only by half.
     *
     * @throws RunException when the run is being ended
     */
    synchronized void begin(Action doing, Action undoing) throws Exception {
        if (closed) {
            throw new RunException("the run was ended");
        }
        undo.push(undoing);
        doing.run();
    }

    /** Undoes everything. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        while (!undo.isEmpty()) {
            Action action = undo.pop();
            try {
                action.run();
            } catch (Exception e) {
                System.err.println("compare: while cleaning up: " + e.getMessage());
            }
        }
    }
}
