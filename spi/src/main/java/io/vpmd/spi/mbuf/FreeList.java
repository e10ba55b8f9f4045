// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The free buffers that caches share: a stack of bulks of 1 to {@link #BULK} indices. A push and a
 * pop move a whole bulk with one compare-and-set.
 *
 * <pre>
 *   top = tag:32 | head+1:32          head: first index of the top bulk, +1 so that 0 is "empty"
 *   nextBulk[head] ─► head of the bulk below            size[head]: indices in this bulk
 *   link[head] ─► link[.] ─► ...                        the indices of one bulk
 * </pre>
 *
 * The tag grows with every change, so a pop that read {@code nextBulk} of a head which has since
 * been taken and put back fails its compare-and-set (the ABA case).
 */
final class FreeList {
    /** Most indices that move at once. */
    static final int BULK = 64;

    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(FreeList.class, "top", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] link;
    private final int[] nextBulk;
    private final int[] size;

    @SuppressWarnings("unused") // read and written through TOP
    private long top;

    /** An empty list for indices 0 to {@code capacity - 1}. */
    FreeList(int capacity) {
        link = new int[capacity];
        nextBulk = new int[capacity];
        size = new int[capacity];
    }

    /** Adds {@code count} indices, 1 to {@link #BULK}, as one bulk. */
    void push(int[] from, int at, int count) {
        int head = from[at];
        for (int i = 1; i < count; i++) {
            link[from[at + i - 1]] = from[at + i];
        }
        size[head] = count;
        publish(head);
    }

    /** Adds one index. */
    void push(int index) {
        size[index] = 1;
        publish(index);
    }

    /**
     * How many indices the list holds: exact while nobody changes it, else some number up to the
     * capacity.
     */
    int count() {
        int total = 0;
        int head = (int) (long) TOP.getAcquire(this) - 1;
        while (head >= 0 && total < link.length) {
            total += size[head];
            head = nextBulk[head] - 1;
        }
        return Math.min(total, link.length);
    }

    private void publish(int head) {
        long seen = (long) TOP.getAcquire(this);
        while (true) {
            nextBulk[head] = (int) seen;
            long wanted = nextTag(seen) | (head + 1);
            long witness = (long) TOP.compareAndExchangeRelease(this, seen, wanted);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    /**
     * Takes the top bulk.
     *
     * @param into has room for {@link #BULK} indices from {@code at} on
     * @return how many were taken, 0 when the list is empty
     */
    int pop(int[] into, int at) {
        long seen = (long) TOP.getAcquire(this);
        while (true) {
            int head = (int) seen - 1;
            if (head < 0) {
                return 0;
            }
            long wanted = nextTag(seen) | nextBulk[head];
            long witness = (long) TOP.compareAndExchange(this, seen, wanted);
            if (witness == seen) {
                return unlink(head, into, at);
            }
            seen = witness;
        }
    }

    private int unlink(int head, int[] into, int at) {
        // Bounded by the recorded size: a double free may spoil the links, never the loop.
        int count = size[head];
        int index = head;
        for (int i = 0; i < count; i++) {
            into[at + i] = index;
            index = link[index];
        }
        return count;
    }

    private static long nextTag(long top) {
        return ((top >>> 32) + 1) << 32;
    }
}
