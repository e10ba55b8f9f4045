// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import io.vpmd.spi.sys.Epoll;
import io.vpmd.spi.sys.EventFd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets a thread sleep until one of its receive queues has packets. One waiter a thread; only {@link
 * #wake()} may be called from another.
 *
 * <p>A queue of a port that cannot signal makes the waiter sleep in steps of at most 1 ms, after
 * which it reports that the queues are worth a look.
 */
public final class RxWaiter implements AutoCloseable {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Epoll epoll = new Epoll();
    private final EventFd wake = new EventFd();
    private final List<RxQueue> queues = new ArrayList<>();
    private boolean silentQueues;

    public RxWaiter() {
        epoll.add(wake.fd());
    }

    /** Adds a queue; the caller is the thread that bursts on it. */
    public void add(RxQueue queue) {
        queues.add(queue);
        if (queue.eventFd() >= 0) {
            epoll.add(queue.eventFd());
        } else {
            silentQueues = true;
        }
    }

    /** Takes a queue out; before its port is closed. */
    public void remove(RxQueue queue) {
        if (queues.remove(queue) && queue.eventFd() >= 0) {
            epoll.remove(queue.eventFd());
        }
        silentQueues = queues.stream().anyMatch(q -> q.eventFd() < 0);
    }

    /**
     * Arms all queues and sleeps until one has packets, {@link #wake()} is called or the time is
     * over. May return early without a reason.
     *
     * @return false only when the whole time passed and nothing happened
     */
    public boolean await(long timeoutNanos) {
        for (int i = 0; i < queues.size(); i++) {
            if (!queues.get(i).arm()) {
                return true;
            }
        }
        if (silentQueues) {
            LockSupport.parkNanos(Math.min(timeoutNanos, STEP_NANOS));
            return true;
        }
        if (epoll.await(timeoutNanos) == 0) {
            return false;
        }
        wake.drain();
        return true;
    }

    /** Ends the sleep of the thread that waits, or the next one. Any thread. */
    public void wake() {
        wake.signal();
    }

    @Override
    public void close() {
        epoll.close();
        wake.close();
    }
}
