// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A stack of small numbers for any number of threads, one compare-and-set a push or pop.
 *
 * <pre>
 *   top = tag:32 | number+1:32        +1 so that 0 is "empty"
 *   next[number]                      the one below, +1
 * </pre>
 *
 * The tag grows with every change, so a pop that read {@code next} of a number which has since been
 * taken and put back fails its compare-and-set (the ABA case).
 */
final class IndexStack {
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(IndexStack.class, "top", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int[] next;

    @SuppressWarnings("unused") // read and written through TOP
    private long top;

    /** An empty stack for the numbers 0 to {@code capacity - 1}. */
    IndexStack(int capacity) {
        next = new int[capacity];
    }

    /** Puts a number on top that is not in the stack; what was written before is seen by pop. */
    void push(int number) {
        long seen = (long) TOP.getAcquire(this);
        while (true) {
            next[number] = (int) seen;
            long wanted = nextTag(seen) | (number + 1);
            long witness = (long) TOP.compareAndExchangeRelease(this, seen, wanted);
            if (witness == seen) {
                return;
            }
            seen = witness;
        }
    }

    /** Takes the number on top, or -1 from an empty stack. */
    int pop() {
        long seen = (long) TOP.getAcquire(this);
        while (true) {
            int number = (int) seen - 1;
            if (number < 0) {
                return -1;
            }
            long wanted = nextTag(seen) | next[number];
            long witness = (long) TOP.compareAndExchange(this, seen, wanted);
            if (witness == seen) {
                return number;
            }
            seen = witness;
        }
    }

    /** The number on top, or -1; for walks while nobody changes the stack. */
    int top() {
        return (int) (long) TOP.getAcquire(this) - 1;
    }

    /** The number below, or -1. */
    int below(int number) {
        return next[number] - 1;
    }

    private static long nextTag(long top) {
        return ((top >>> 32) + 1) << 32;
    }
}
