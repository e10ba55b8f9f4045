// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.MemFile;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of packet buffers of one size in one shared mapping, safe for any number of
 * threads.
 *
 * <p>Buffers move between the pool and its users through {@link MbufCache}s, one per thread or
 * queue; at every quiet point {@code taken() + free()} equals {@code size()}. Every open port knows
 * every pool, so a buffer of any pool can be sent on any port.
 *
 * <p>With {@code -Dvpmd.debug=true} a double free and a use after free throw {@link
 * IllegalStateException}. Without it they may lose or mix up packets, but never touch memory
 * outside the pool.
 */
public final class MbufPool implements AutoCloseable {
    /** Bytes kept free before received data for headers to come. */
    public static final int DEFAULT_HEADROOM = 128;

    /** Bytes for data behind the headroom. */
    public static final int DEFAULT_DATA_ROOM = 2048;

    static final boolean DEBUG = Boolean.getBoolean("vpmd.debug");

    private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final byte FREE = 0;
    private static final byte TAKEN = 1;
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final int id;
    private final String name;
    private final int size;
    private final int headroom;
    private final int bufferSize;
    private final int stride;
    private final MemFile file;
    private final long address;
    private final Mbuf[] buffers;
    private final FreeList shared;
    private final List<MbufCache> caches = new CopyOnWriteArrayList<>();
    private final byte @Nullable [] states;
    private volatile boolean closing;
    private volatile boolean closed;

    private MbufPool(String name, int size, int headroom, int dataRoom) {
        this.name = name;
        this.size = size;
        this.headroom = headroom;
        this.bufferSize = headroom + dataRoom;
        // An odd number of cache lines: buffers start in different cache sets.
        this.stride = (((bufferSize + 63) / 64) | 1) * 64;
        PoolLayout layout = new PoolLayout(size, bufferSize, stride);
        checkRange("size with its gaps", layout.places(), 1, Pools.MAX_BUFFERS);
        this.states = DEBUG ? new byte[layout.places()] : null;
        this.shared = new FreeList(layout.places());
        this.buffers = new Mbuf[layout.places()];
        this.id = Pools.reserveId(name);
        MemFile memory = null;
        try {
            memory = memory(name, layout.bytes());
            this.file = memory;
            this.address = memory.memory().address();
            fill(layout);
            Pools.add(this, buffers);
        } catch (RuntimeException | Error e) {
            if (memory != null) {
                memory.close();
            }
            Pools.releaseId(id);
            throw e;
        }
    }

    private static MemFile memory(String name, long bytes) {
        boolean huge = Pools.needHugePages();
        try {
            return huge
                    ? MemFile.createHuge("vpmd-" + name, bytes)
                    : MemFile.create("vpmd-" + name, bytes);
        } catch (ErrnoException e) {
            throw new PoolException(
                    "create",
                    name,
                    e.reason() + " for " + (bytes >> 20) + " MiB",
                    nextStep(e.errno(), huge),
                    e);
        }
    }

    private static String nextStep(int errno, boolean huge) {
        if (errno == Errno.EINVAL) {
            return "give it a shorter name";
        }
        return huge
                ? "reserve huge pages: echo 512 > /proc/sys/vm/nr_hugepages"
                : "ask for fewer or smaller buffers";
    }

    private void fill(PoolLayout layout) {
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = new Mbuf(this, i);
        }
        int[] bulk = new int[FreeList.BULK];
        int n = 0;
        for (int i = buffers.length - 1; i >= 0; i--) {
            if (layout.whole(i)) {
                bulk[FreeList.BULK - ++n] = i;
            }
            if (n == FreeList.BULK || (i == 0 && n > 0)) {
                shared.push(bulk, FreeList.BULK - n, n);
                n = 0;
            }
        }
    }

    /**
     * A pool with the default headroom and data room.
     *
     * @param name shown in messages and in {@code /proc/PID/maps}; the kernel takes 244 bytes
     * @param size number of buffers, 1 to {@link Pools#MAX_BUFFERS}
     * @throws IllegalArgumentException when {@code size} is out of range
     * @throws PoolException when there is no memory for it
     * @throws RuntimeException when an open port cannot map it
     */
    public static MbufPool create(String name, int size) {
        return create(name, size, DEFAULT_HEADROOM, DEFAULT_DATA_ROOM);
    }

    /**
     * A pool.
     *
     * @param name shown in messages and in {@code /proc/PID/maps}; the kernel takes 244 bytes
     * @param size number of buffers, 1 to {@link Pools#MAX_BUFFERS}
     * @param headroom bytes before the data of a fresh buffer, 0 to 16384
     * @param dataRoom bytes behind the headroom, 64 to 65536
     * @throws IllegalArgumentException when a number is out of range
     * @throws PoolException when there is no memory for it
     * @throws RuntimeException when an open port cannot map it
     */
    public static MbufPool create(String name, int size, int headroom, int dataRoom) {
        checkRange("size", size, 1, Pools.MAX_BUFFERS);
        checkRange("headroom", headroom, 0, 16384);
        checkRange("dataRoom", dataRoom, 64, 65536);
        return new MbufPool(name, size, headroom, dataRoom);
    }

    private static void checkRange(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "pool " + what + " " + value + " is not between " + min + " and " + max);
        }
    }

    public String name() {
        return name;
    }

    /** Number of this pool among the open ones, 1 to {@link Pools#MAX_POOLS}. */
    public int id() {
        return id;
    }

    /** Number of buffers. */
    public int size() {
        return size;
    }

    /** Bytes before the data of a fresh buffer. */
    public int headroom() {
        return headroom;
    }

    /** Bytes of a buffer: headroom and data room. */
    public int bufferSize() {
        return bufferSize;
    }

    /** Bytes for data behind the headroom. */
    public int dataRoom() {
        return bufferSize - headroom;
    }

    /** Bytes from the start of one buffer to the start of the next. */
    public int stride() {
        return stride;
    }

    /** The memory of all buffers; access after {@link #close()} throws. */
    public MemorySegment memory() {
        return file.memory();
    }

    /** Descriptor of the memory file, for handing the pool to a device or another process. */
    public int fd() {
        return file.fd();
    }

    /**
     * Whether the memory is on huge pages: no buffer straddles one then, and none moves in physical
     * memory.
     */
    public boolean hugePages() {
        return file.hugePages();
    }

    /** Byte offset of buffer {@code index} in {@link #memory()} and in the file. */
    public long offsetOf(int index) {
        return (long) index * stride;
    }

    /** Where buffer {@code index} is in this process. */
    long addressOf(int index) {
        return address + offsetOf(index);
    }

    /** Says why an access to bytes of a buffer is refused. */
    RuntimeException refusal(int from, int length) {
        if (closed) {
            return new IllegalStateException("pool " + name + " is closed");
        }
        String bytes = "bytes " + from + " to " + ((long) from + length);
        return new IndexOutOfBoundsException(bytes + " of a buffer of " + bufferSize);
    }

    /** The buffer at {@code index}, whoever owns it. */
    public Mbuf mbuf(int index) {
        return buffers[index];
    }

    /** Buffers that somebody owns; exact at a quiet point. */
    public int taken() {
        return size - free();
    }

    /** Buffers that can be taken, in the shared list and in caches; exact at a quiet point. */
    public int free() {
        int n = shared.count();
        for (MbufCache cache : caches) {
            n += cache.count();
        }
        return n;
    }

    /** A new cache for the calling thread, or for a queue. */
    public MbufCache newCache() {
        MbufCache cache = new MbufCache(this, shared, buffers);
        caches.add(cache);
        return cache;
    }

    void forget(MbufCache cache) {
        caches.remove(cache);
    }

    /** Gives back one segment through the shared list. */
    void free(Mbuf segment) {
        if (closed) {
            return;
        }
        markFree(segment.index());
        shared.push(segment.index());
    }

    /** Whether {@link #close()} has begun; false again after one that failed. */
    public boolean closed() {
        return closing;
    }

    /** Whether the memory is gone: {@link #close()} succeeded. */
    public boolean unmapped() {
        return closed;
    }

    /**
     * Waits until no port holds a buffer of this pool, at most 5 seconds, and unmaps it. Buffers
     * that the application still owns become unusable. Idempotent.
     *
     * @throws PoolException when a port still holds buffers; the pool stays usable then
     */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT_MILLIS);
    }

    /**
     * The same with another limit for the wait.
     *
     * @throws PoolException when a port still holds buffers; the pool stays usable then
     */
    public void close(long timeoutMillis) {
        synchronized (this) {
            if (closed) {
                return;
            }
            // First: a port that is asked below must not start into this pool afterwards.
            closing = true;
            try {
                awaitNoHolder(timeoutMillis);
                closed = true;
            } finally {
                closing = closed;
            }
        }
        Pools.remove(this);
        for (Mbuf buffer : buffers) {
            buffer.close();
        }
        file.close();
        Pools.releaseId(id);
    }

    private void awaitNoHolder(long timeoutMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        String holder = holder();
        while (holder != null) {
            if (System.nanoTime() - deadline > 0) {
                throw new PoolException(
                        "close", name, holder, "stop or close that port first", null);
            }
            LockSupport.parkNanos(1_000_000);
            holder = holder();
        }
    }

    private @Nullable String holder() {
        for (PoolUser user : Pools.users()) {
            int held = heldBy(user);
            if (held > 0) {
                return "port " + user.name() + " holds " + held + " of its buffers";
            }
        }
        return null;
    }

    private int heldBy(PoolUser user) {
        try {
            return user.poolClosing(this);
        } catch (RuntimeException e) {
            String problem = "port " + user.name() + " does not say what it holds: ";
            throw new PoolException(
                    "close", name, problem + e.getMessage(), "stop or close that port first", e);
        }
    }

    void markTaken(int index) {
        if (DEBUG && states != null) {
            STATES.setVolatile(states, index, TAKEN);
        }
    }

    void markFree(int index) {
        if (DEBUG && states != null && !STATES.compareAndSet(states, index, TAKEN, FREE)) {
            throw new IllegalStateException("double free of buffer " + index + " of pool " + name);
        }
    }

    void checkTaken(Mbuf segment) {
        if (DEBUG && states != null && (byte) STATES.getVolatile(states, segment.index()) == FREE) {
            throw new IllegalStateException(
                    "use after free of buffer " + segment.index() + " of pool " + name);
        }
    }

    @Override
    public String toString() {
        return "MbufPool[" + name + ", " + size + " x " + bufferSize + " bytes]";
    }
}
