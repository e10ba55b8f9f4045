// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.MemFile;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Memory for a device that uses physical addresses: huge pages, which do not move.
 *
 * <p>Should the process be killed, the kernel closes its descriptors one after the other, and the
 * device's stops its DMA. The pages must not be free before that. The mappings are gone by then, so
 * that each file of memory is held by one descriptor with a lower number than the device's and by
 * one with a higher: whichever end the kernel begins at, the device comes before the last of them.
 */
final class UioMemory implements AutoCloseable {
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int PAGE = 4096;
    private static final int PAGES = (int) (MemFile.HUGE_PAGE / PAGE);
    private static final int HUGE_SHIFT = Long.numberOfTrailingZeros(MemFile.HUGE_PAGE);
    private static final String RESERVE =
            "reserve huge pages: echo 512 > /proc/sys/vm/nr_hugepages";

    private final String device;
    private final int deviceFd;
    private final List<Chunk> chunks = new ArrayList<>();

    /** A huge page that small areas are cut from. */
    private static final class Chunk {
        final MemFile file;
        final int secondFd;
        final long physical;
        final BitSet used = new BitSet(PAGES);

        Chunk(MemFile file, int secondFd, long physical) {
            this.file = file;
            this.secondFd = secondFd;
            this.physical = physical;
        }

        void close() {
            file.close();
            Libc.close(secondFd);
        }
    }

    /** Memory for the device with this descriptor, which stays the caller's. */
    UioMemory(String device, int deviceFd) {
        this.device = device;
        this.deviceFd = deviceFd;
    }

    /** An area in one huge page, zeroed. */
    synchronized DmaMemory allocate(String name, long bytes) {
        if (bytes > MemFile.HUGE_PAGE) {
            throw refused(
                    name + " needs " + bytes + " bytes in a row, more than a huge page has",
                    "make the rings smaller");
        }
        int count = (int) ((bytes + PAGE - 1) / PAGE);
        for (Chunk chunk : chunks) {
            int first = room(chunk.used, count);
            if (first >= 0) {
                return cut(chunk, first, count);
            }
        }
        Chunk chunk = newChunk();
        chunks.add(chunk);
        return cut(chunk, 0, count);
    }

    private Chunk newChunk() {
        MemFile file;
        try {
            file = MemFile.createHuge("vpmd-dma", MemFile.HUGE_PAGE);
        } catch (ErrnoException e) {
            throw new BusException(
                    "allocate memory for", device, "no huge page is free", RESERVE, e);
        }
        try (PageMap map = new PageMap(device)) {
            long physical = map.physical(file.memory().address());
            return new Chunk(file, hold(file.fd()), physical);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Another descriptor of a file, above the device's. */
    private int hold(int fd) {
        int second = Libc.fcntl(fd, F_DUPFD_CLOEXEC, deviceFd + 1L);
        return ErrnoException.check(second, "F_DUPFD_CLOEXEC", "memory of " + device);
    }

    /** First of {@code count} free pages in a row, or -1. */
    private static int room(BitSet used, int count) {
        int first = used.nextClearBit(0);
        int end = used.nextSetBit(first);
        while (end >= 0 && end - first < count) {
            first = used.nextClearBit(end);
            end = used.nextSetBit(first);
        }
        return first + count <= PAGES ? first : -1;
    }

    private DmaMemory cut(Chunk chunk, int first, int count) {
        chunk.used.set(first, first + count);
        long at = (long) first * PAGE;
        MemorySegment memory = chunk.file.memory().asSlice(at, (long) count * PAGE, PAGE);
        memory.fill((byte) 0);
        return new DmaMemory(memory, chunk.physical + at, () -> free(chunk, first, count));
    }

    private synchronized void free(Chunk chunk, int first, int count) {
        chunk.used.clear(first, first + count);
    }

    /** The physical address of each huge page of a pool. */
    DmaMap map(MbufPool pool) {
        if (!pool.hugePages()) {
            throw refused(
                    "pool " + pool.name() + " is on ordinary pages, which move in physical memory",
                    RESERVE + ", and make the pool after that");
        }
        int pages = (int) (pool.memory().byteSize() >>> HUGE_SHIFT);
        long[] physical = new long[pages];
        try (PageMap map = new PageMap(device)) {
            for (int i = 0; i < pages; i++) {
                physical[i] = map.physical(pool.memory().address() + ((long) i << HUGE_SHIFT));
            }
        }
        int second = hold(pool.fd());
        return new DmaMap(physical, HUGE_SHIFT, () -> Libc.close(second));
    }

    private BusException refused(String problem, String nextStep) {
        return new BusException("allocate memory for", device, problem, nextStep);
    }

    /** Gives back all that was allocated; the device must have been told to leave it alone. */
    @Override
    public synchronized void close() {
        chunks.forEach(Chunk::close);
        chunks.clear();
    }
}
