// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.RxQueue;
import io.vpmd.spi.RxWaiter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A thread that runs streams in turn, pinned to a core if asked, until it is stopped. */
public final class ForwardThread implements AutoCloseable {
    private static final int EMPTY_BURSTS = 100;
    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long STOP_MILLIS = 5_000;

    private final String name;
    private final ForwardStream[] streams;
    private final @Nullable RxWaiter waiter;
    private final Thread thread;
    private final EndRequest end;
    private final int core;
    private volatile boolean stopped;

    /**
     * A thread, not started yet.
     *
     * @param streams what it runs; closed with it
     * @param core the core it is pinned to, or -1
     * @param end is told when the thread breaks
     */
    public ForwardThread(
            String name, List<ForwardStream> streams, int core, WaitMode wait, EndRequest end) {
        this.name = name;
        this.streams = streams.toArray(ForwardStream[]::new);
        this.core = core;
        this.end = end;
        // A stream that makes its packets has nothing to wait for.
        boolean sleeps =
                wait == WaitMode.ADAPTIVE && streams.stream().allMatch(s -> s.rx() != null);
        this.waiter = sleeps ? waiter(streams) : null;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::runGuarded);
    }

    private static RxWaiter waiter(List<ForwardStream> streams) {
        RxWaiter waiter = new RxWaiter();
        streams.stream()
                .map(ForwardStream::rx)
                .filter(RxQueue.class::isInstance)
                .distinct()
                .map(RxQueue.class::cast)
                .forEach(waiter::add);
        return waiter;
    }

    public String name() {
        return name;
    }

    public void start() {
        thread.start();
    }

    private void runGuarded() {
        try {
            if (core >= 0) {
                Cores.pinTo(core);
            }
            if (waiter == null) {
                poll();
            } else {
                pollAndSleep(waiter);
            }
        } catch (RuntimeException | Error e) {
            end.fail(e);
        }
    }

    private void poll() {
        while (!stopped) {
            runAll();
        }
    }

    private void pollAndSleep(RxWaiter sleeper) {
        int empty = 0;
        while (!stopped) {
            if (runAll() > 0) {
                empty = 0;
            } else if (empty < EMPTY_BURSTS) {
                empty++;
                Thread.onSpinWait();
            } else {
                // One look after each sleep: a queue that cannot signal is not polled 100 times
                // for every step of the waiter.
                reclaimAll();
                sleeper.await(SLEEP_NANOS);
            }
        }
    }

    private int runAll() {
        int packets = 0;
        for (ForwardStream stream : streams) {
            packets += stream.run();
        }
        return packets;
    }

    private void reclaimAll() {
        for (ForwardStream stream : streams) {
            stream.reclaim();
        }
    }

    /**
     * Ends the thread, at most 5 seconds from now, and closes its streams. Idempotent.
     *
     * @throws RunException when it does not end
     */
    @Override
    public void close() {
        if (!stopped) {
            stopped = true;
            RxWaiter sleeper = waiter;
            if (sleeper != null) {
                sleeper.wake();
            }
            join();
            if (sleeper != null) {
                sleeper.close();
            }
            for (ForwardStream stream : streams) {
                stream.close();
            }
        }
    }

    private void join() {
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new RunException(
                    "thread "
                            + name
                            + " did not end within "
                            + STOP_MILLIS
                            + " ms; kill -9 ends it");
        }
    }
}
