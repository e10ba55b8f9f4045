// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * An io_uring(7) that submits a batch of reads or writes on one registered descriptor and waits for
 * all of them: many packets for one system call. Used by one thread at a time; no allocation after
 * the constructor.
 *
 * <pre>
 *   (A) fill entry, array slot       plain
 *   (B) submission tail, release     the kernel sees (A)
 *   (C) completion tail, acquire     we see the completions before it
 *   (D) completion head, release     the kernel may reuse what we have read
 * </pre>
 */
public final class IoUring implements AutoCloseable {
    private static final long SYS_SETUP = 425;
    private static final long SYS_ENTER = 426;
    private static final long SYS_REGISTER = 427;
    private static final long OFF_SQ_RING = 0;
    private static final long OFF_SQES = 0x1000_0000L;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int REGISTER_FILES = 2;
    private static final int UNREGISTER_FILES = 3;
    private static final int ENTER_GETEVENTS = 1;
    private static final byte FIXED_FILE = 1;
    private static final byte OP_WRITEV = 2;
    private static final byte OP_WRITE = 23;
    private static final long SQE_SIZE = 64;
    private static final long CQE_SIZE = 16;
    private static final VarHandle INT = JAVA_INT.varHandle();

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final int entries;
    private final MemorySegment ring;
    private final MemorySegment sqes;
    private final long sqTail;
    private final long cqHead;
    private final long cqTail;
    private final long cqes;
    private final int cqMask;
    private int tail;
    private int prepared;

    /**
     * Sets up a ring and registers {@code target}.
     *
     * @param entries largest batch, a power of two
     * @param target descriptor that all operations work on; it may not be closed before this
     * @throws ErrnoException when the kernel has no io_uring, does not allow it, or lacks a feature
     */
    public IoUring(int entries, int target) {
        this.entries = entries;
        MemorySegment params = arena.allocate(120, 8);
        params.set(JAVA_INT, 8, SETUP_SUBMIT_ALL);
        int result = Libc.syscall(SYS_SETUP, entries, params.address(), 0);
        if (result < 0) {
            arena.close();
            throw new ErrnoException("io_uring_setup", entries + " entries", -result);
        }
        fd = result;
        try {
            if ((params.get(JAVA_INT, 20) & FEATURE_SINGLE_MMAP) == 0) {
                throw new ErrnoException("io_uring_setup", "single mapping", Errno.ENOSYS);
            }
            long sqEnd = params.get(JAVA_INT, 40 + 24) + 4L * entries;
            long cqEnd = params.get(JAVA_INT, 80 + 20) + CQE_SIZE * params.get(JAVA_INT, 4);
            ring = Mapping.shared(fd, OFF_SQ_RING, Math.max(sqEnd, cqEnd), arena);
            sqes = Mapping.shared(fd, OFF_SQES, SQE_SIZE * entries, arena);
            sqTail = params.get(JAVA_INT, 40 + 4);
            cqHead = params.get(JAVA_INT, 80);
            cqTail = params.get(JAVA_INT, 80 + 4);
            cqes = params.get(JAVA_INT, 80 + 20);
            cqMask = ring.get(JAVA_INT, params.get(JAVA_INT, 80 + 8));
            long array = params.get(JAVA_INT, 40 + 24);
            for (int i = 0; i < entries; i++) {
                // Slot i of the ring always names entry i.
                ring.set(JAVA_INT, array + 4L * i, i);
            }
            register(target);
        } catch (RuntimeException e) {
            Libc.close(fd);
            arena.close();
            throw e;
        }
    }

    private void register(int target) {
        MemorySegment file = arena.allocate(JAVA_INT);
        file.set(JAVA_INT, 0, target);
        int r = Libc.syscall(SYS_REGISTER, fd, REGISTER_FILES, file.address(), 1, 0, 0);
        ErrnoException.check(r, "IORING_REGISTER_FILES", "fd " + target);
    }

    /** Largest batch. */
    public int entries() {
        return entries;
    }

    /** Adds write(2) of {@code length} bytes at {@code address} to the batch. */
    public void prepareWrite(long address, int length) {
        prepare(OP_WRITE, address, length);
    }

    /** Adds writev(2) of {@code count} iovecs at {@code address} to the batch. */
    public void prepareWritev(long address, int count) {
        prepare(OP_WRITEV, address, count);
    }

    private void prepare(byte operation, long address, int length) {
        long sqe = ((tail + prepared) & (entries - 1)) * SQE_SIZE;
        sqes.set(JAVA_BYTE, sqe, operation); // (A)
        sqes.set(JAVA_BYTE, sqe + 1, FIXED_FILE);
        sqes.set(JAVA_INT, sqe + 4, 0);
        sqes.set(JAVA_LONG, sqe + 8, -1L);
        sqes.set(JAVA_LONG, sqe + 16, address);
        sqes.set(JAVA_INT, sqe + 24, length);
        sqes.set(JAVA_INT, sqe + 28, 0);
        sqes.set(JAVA_LONG, sqe + 32, prepared);
        prepared++;
    }

    /**
     * Submits the batch and waits until all of it is done.
     *
     * @param results gets what each call returned, or the negated errno, in the order of
     *     preparation
     * @return how many operations there were
     */
    public int submit(int[] results) {
        int n = prepared;
        prepared = 0;
        tail += n;
        INT.setRelease(ring, sqTail, tail); // (B)
        int submitted = 0;
        int done = 0;
        while (done < n) {
            int r = Libc.syscall(SYS_ENTER, fd, n - submitted, n - done, ENTER_GETEVENTS, 0, 0);
            if (r >= 0) {
                submitted += r;
            } else if (r != -Errno.EINTR && r != -Errno.EAGAIN && r != -Errno.EBUSY) {
                throw new ErrnoException("io_uring_enter", n + " operations", -r);
            }
            done += reap(results);
        }
        return n;
    }

    private int reap(int[] results) {
        int head = (int) INT.get(ring, cqHead);
        int end = (int) INT.getAcquire(ring, cqTail); // (C)
        int count = end - head;
        for (int i = 0; i < count; i++) {
            long cqe = cqes + ((head + i) & cqMask) * CQE_SIZE;
            results[(int) ring.get(JAVA_LONG, cqe)] = ring.get(JAVA_INT, cqe + 8);
        }
        INT.setRelease(ring, cqHead, end); // (D)
        return count;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            // A ring is taken down later, in the background; the target must be let go of now.
            Libc.syscall(SYS_REGISTER, fd, UNREGISTER_FILES, 0, 0, 0, 0);
            Libc.close(fd);
            arena.close();
        }
    }
}
