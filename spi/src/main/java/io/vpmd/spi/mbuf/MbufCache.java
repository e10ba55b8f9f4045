// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Free buffers of one pool at hand for one thread or queue: taking and freeing are array accesses,
 * and every {@value FreeList#BULK} of them the cache trades a bulk with the pool.
 *
 * <p>One thread at a time; {@link MbufPool#newCache()} makes one for each that asks.
 */
public final class MbufCache implements AutoCloseable {
    private static final int CAPACITY = 3 * FreeList.BULK;
    private static final int FLUSH_ABOVE = 2 * FreeList.BULK;
    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(MbufCache.class, "top", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MbufPool pool;
    private final FreeList shared;
    private final Mbuf[] buffers;
    /* Indices; the bits above one, those of a handle, are of no account. */
    private final int[] stack = new int[CAPACITY];
    private int top;

    MbufCache(MbufPool pool, FreeList shared, Mbuf[] buffers) {
        this.pool = pool;
        this.shared = shared;
        this.buffers = buffers;
    }

    public MbufPool pool() {
        return pool;
    }

    /** An empty packet, or null when the pool has no free buffer. */
    public @Nullable Mbuf take() {
        int index = takeIndex();
        if (index < 0) {
            return null;
        }
        Mbuf m = buffers[index];
        m.reset();
        return m;
    }

    /**
     * Takes up to {@code count} empty packets.
     *
     * @return how many there were
     */
    public int take(Mbuf[] into, int at, int count) {
        int n = 0;
        while (n < count) {
            Mbuf m = take();
            if (m == null) {
                break;
            }
            into[at + n++] = m;
        }
        return n;
    }

    /**
     * For drivers: the index of a free buffer, which is the caller's from now on and whose {@link
     * Mbuf} is as its last owner left it; -1 when the pool has none.
     */
    public int takeIndex() {
        if (top == 0 && !refill()) {
            return -1;
        }
        int index = Pools.index(stack[--top]);
        if (MbufPool.DEBUG) {
            pool.markTaken(index);
        }
        return index;
    }

    /**
     * For drivers: free buffers at hand, at least one unless the pool has none. {@link #peekIndex}
     * tells which, {@link #drop} takes them: a loop between the two touches no field.
     */
    public int atHand() {
        return top == 0 && !refill() ? 0 : top;
    }

    /** For drivers: the index of the free buffer that is {@code n} below the top. */
    public int peekIndex(int n) {
        return Pools.index(stack[top - 1 - n]);
    }

    /** For drivers: takes the {@code count} top buffers, which are at hand. */
    public void drop(int count) {
        if (MbufPool.DEBUG) {
            for (int i = 0; i < count; i++) {
                pool.markTaken(peekIndex(i));
            }
        }
        top -= count;
    }

    /**
     * For drivers: gives back single buffers by their handles, up to the first that is not of this
     * pool.
     *
     * @return how many were given back
     */
    public int freeHandles(int[] handles, int at, int count) {
        int n = 0;
        while (n < count && handles[at + n] >>> Pools.ID_SHIFT == pool.id()) {
            n++;
        }
        freeOwn(handles, at, n);
        return n;
    }

    /** Gives back single buffers of this pool by their handles. */
    void freeOwn(int[] handles, int at, int count) {
        if (MbufPool.DEBUG) {
            for (int i = 0; i < count; i++) {
                pool.markFree(Pools.index(handles[at + i]));
            }
        }
        int n = 0;
        while (n < count) {
            if (top >= FLUSH_ABOVE) {
                flushBulk();
            }
            int run = Math.min(count - n, CAPACITY - top);
            System.arraycopy(handles, at + n, stack, top, run);
            top += run;
            n += run;
        }
    }

    /** For drivers: gives back one buffer of this pool by its index. */
    public void freeIndex(int index) {
        if (MbufPool.DEBUG) {
            pool.markFree(index);
        }
        if (top >= FLUSH_ABOVE) {
            flushBulk();
        }
        stack[top++] = index;
    }

    /** Gives back a packet with all its segments. Segments of other pools go to theirs. */
    public void free(Mbuf packet) {
        if (packet.nextHandle() == 0 && packet.pool() == pool) {
            freeIndex(packet.index());
        } else {
            packet.free();
        }
    }

    /** Free buffers in this cache. */
    int count() {
        return (int) TOP.getOpaque(this);
    }

    private boolean refill() {
        int n = shared.pop(stack, 0);
        if (n > 0 && n < FreeList.BULK / 2) {
            // Small bulks come from buffers that were freed one by one.
            n += shared.pop(stack, n);
        }
        top = n;
        return n > 0;
    }

    private void flushBulk() {
        top -= FreeList.BULK;
        shared.push(stack, top, FreeList.BULK);
    }

    /** Gives all buffers back to the pool. The cache can be used on. */
    public void flush() {
        while (top > 0) {
            int n = Math.min(top, FreeList.BULK);
            top -= n;
            shared.push(stack, top, n);
        }
    }

    /** Flushes the cache and takes it off the pool's books. */
    @Override
    public void close() {
        if (!pool.unmapped()) {
            flush();
        }
        pool.forget(this);
    }
}
