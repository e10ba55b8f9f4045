// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.Pools;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Membarrier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A ring of packets between one producer and one consumer thread. Holds buffer handles; a burst
 * costs one release store on either side. All of its capacity is usable.
 *
 * <pre>
 *   slots    [ . . h h h h h . . ]     handles of head segments, position modulo capacity
 *                  ^head     ^tail     free running, tail - head = packets inside
 *
 *   state    | TAIL HEAD_SEEN PRODUCING | HEAD TAIL_SEEN | ARMED ACCEPTING |
 *              written by the producer    by the consumer  seldom written      128 bytes each
 * </pre>
 *
 * <p>Sleeping. The producer asks after each burst whether the consumer wants a signal, with no
 * barrier of its own; the consumer pays for both when it goes to sleep.
 *
 * <pre>
 *   producer                              consumer
 *   (P) tail = t, release                 (R) armed = 1
 *   (Q) if armed: armed = 0, signal       (M) membarrier
 *                                         (S) if tail == head: sleep
 * </pre>
 *
 * (M) makes a running producer pass a full barrier: either (S) sees the packets of (P), or (Q) sees
 * the flag of (R). A signal that comes late wakes the consumer once for nothing.
 *
 * <p>Closing. The consumer's control thread keeps the producer, which may be a thread of another
 * port, out in the same way.
 *
 * <pre>
 *   producer                              control thread
 *   (T) producing = 1                     (W) accepting = 0
 *   (U) if accepting ...                  (M) membarrier
 *   (V) producing = 0, release            (X) wait until producing == 0
 * </pre>
 */
public final class MbufRing {
    private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(int[].class);

    private static final int TAIL = 32;
    private static final int HEAD_SEEN = 33;
    private static final int PRODUCING = 34;
    private static final int HEAD = 64;
    private static final int TAIL_SEEN = 65;
    private static final int ARMED = 96;
    private static final int ACCEPTING = 97;

    private final int[] state = new int[128];
    private final int[] slots;
    private final int mask;
    private final EventFd signal;

    /**
     * An empty ring that does not accept anything yet.
     *
     * @param capacity a power of two
     * @param signal becomes readable when packets arrive after {@link #arm()}; stays the caller's
     */
    public MbufRing(int capacity, EventFd signal) {
        if (capacity < 1 || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "ring capacity " + capacity + " is not a power of two");
        }
        this.slots = new int[capacity];
        this.mask = capacity - 1;
        this.signal = signal;
    }

    public int capacity() {
        return slots.length;
    }

    /**
     * Producer: begins a burst; {@link #leave()} follows when it answers true.
     *
     * @return false when the ring accepts nothing
     */
    public boolean enter() {
        STATE.setOpaque(state, PRODUCING, 1); // (T)
        // Keeps the compiler from reading (U) before (T); no instruction on x86-64.
        VarHandle.acquireFence();
        if ((int) STATE.getAcquire(state, ACCEPTING) != 0) { // (U)
            return true;
        }
        leave();
        return false;
    }

    /** Producer: ends a burst. */
    public void leave() {
        STATE.setRelease(state, PRODUCING, 0); // (V)
    }

    /** Producer: how many packets fit, up to {@code wanted}. */
    public int room(int wanted) {
        int tail = state[TAIL];
        int free = slots.length - (tail - state[HEAD_SEEN]);
        if (free < wanted) {
            state[HEAD_SEEN] = (int) STATE.getAcquire(state, HEAD);
            free = slots.length - (tail - state[HEAD_SEEN]);
        }
        return Math.min(free, wanted);
    }

    /** Producer: puts a packet at place {@code i} of the room; the consumer does not see it yet. */
    public void set(int i, Mbuf packet) {
        slots[(state[TAIL] + i) & mask] = packet.handle();
    }

    /** Producer: hands the first {@code count} packets that were set to the consumer. */
    public void publish(int count) {
        if (count == 0) {
            return;
        }
        STATE.setRelease(state, TAIL, state[TAIL] + count); // (P)
        // Keeps the compiler from reading (Q) before (P); no instruction on x86-64.
        VarHandle.acquireFence();
        if ((int) STATE.getOpaque(state, ARMED) != 0) { // (Q)
            wake();
        }
    }

    private void wake() {
        STATE.setOpaque(state, ARMED, 0);
        signal.signal();
    }

    /**
     * Consumer: takes up to {@code max} packets.
     *
     * @return how many, put into {@code into[at]} and after
     */
    public int take(Mbuf[] into, int at, int max) {
        int head = state[HEAD];
        int inside = state[TAIL_SEEN] - head;
        if (inside < max) {
            state[TAIL_SEEN] = (int) STATE.getAcquire(state, TAIL);
            inside = state[TAIL_SEEN] - head;
        }
        int n = Math.min(inside, max);
        for (int i = 0; i < n; i++) {
            into[at + i] = Pools.mbuf(slots[(head + i) & mask]);
        }
        if (n > 0) {
            STATE.setRelease(state, HEAD, head + n);
        }
        return n;
    }

    /**
     * Consumer: asks for a signal when packets arrive.
     *
     * @return false when there are packets already
     */
    public boolean arm() {
        signal.drain();
        STATE.setOpaque(state, ARMED, 1); // (R)
        Membarrier.barrier(); // (M)
        if ((int) STATE.getAcquire(state, TAIL) == state[HEAD]) { // (S)
            return true;
        }
        STATE.setOpaque(state, ARMED, 0);
        return false;
    }

    /** Control: lets the producer in. */
    public void open() {
        STATE.setRelease(state, ACCEPTING, 1);
    }

    /**
     * Control: keeps the producer out from now on.
     *
     * @return false when the producer did not leave its burst in time; it is let in again then
     */
    public boolean close(long timeoutMillis) {
        STATE.setRelease(state, ACCEPTING, 0); // (W)
        Membarrier.barrier(); // (M)
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while ((int) STATE.getAcquire(state, PRODUCING) != 0) { // (X)
            if (System.nanoTime() - deadline > 0) {
                open();
                return false;
            }
            LockSupport.parkNanos(20_000);
        }
        return true;
    }

    /** In the consumer's place, with no burst running on its side: frees all packets. */
    public void drain() {
        int head = state[HEAD];
        int tail = (int) STATE.getAcquire(state, TAIL);
        while (head != tail) {
            Pools.mbuf(slots[head++ & mask]).free();
        }
        state[TAIL_SEEN] = tail;
        STATE.setRelease(state, HEAD, tail);
    }

    /** In the consumer's place: how many buffers of {@code pool} are inside. */
    public int held(MbufPool pool) {
        int count = 0;
        int tail = (int) STATE.getAcquire(state, TAIL);
        for (int at = state[HEAD]; at != tail; at++) {
            for (Mbuf m = Pools.mbuf(slots[at & mask]); m != null; m = m.next()) {
                count += m.pool() == pool ? 1 : 0;
            }
        }
        return count;
    }
}
