// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that repeat a step until they are told to stop; their first failure fails the case. */
final class Crew implements AutoCloseable {
    private static final long JOIN_MILLIS = 20_000;

    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    /** Rounds that one member has done. */
    AtomicLong repeat(String name, Runnable step) {
        return repeat(name, step, () -> {});
    }

    /** The same; {@code last} runs on the thread after the last step, also after a failed one. */
    AtomicLong repeat(String name, Runnable step, Runnable last) {
        AtomicLong rounds = new AtomicLong();
        threads.add(
                Thread.ofPlatform()
                        .daemon()
                        .name("contract-" + name)
                        .start(
                                () -> {
                                    try {
                                        while (!stopping) {
                                            step.run();
                                            rounds.incrementAndGet();
                                        }
                                    } catch (Throwable t) {
                                        failures.add(t);
                                    } finally {
                                        last.run();
                                    }
                                }));
        return rounds;
    }

    /** Fails when a member has failed. */
    void check() {
        Throwable first = failures.peek();
        if (first != null) {
            throw new AssertionError("a thread of the case failed: " + first, first);
        }
    }

    /** Waits until {@code rounds} is at least {@code count}. */
    void awaitRounds(AtomicLong rounds, long count, String what) {
        Deadline deadline = Deadline.in(JOIN_MILLIS);
        while (rounds.get() < count) {
            check();
            deadline.check(what + " does not get on, at " + rounds + " of " + count);
        }
    }

    /** Ends all threads; does not fail. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                failures.add(new AssertionError("thread " + thread.getName() + " does not end"));
            }
        }
    }

    /** Ends all threads and fails when one has failed. */
    void stop() {
        close();
        check();
    }
}
