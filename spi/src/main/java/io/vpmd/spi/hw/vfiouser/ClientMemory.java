// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.hw.model.DmaSpace;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;
import io.vpmd.spi.sys.Mapping;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The memory that a client shows to the device, mapped from its descriptors. In a region without a
 * descriptor the client does each access itself, when it is asked to.
 *
 * <p>A file must have a sealed length. In others a client could take away pages from under the
 * device, and an access to such a page is an error of the JVM as a whole.
 */
final class ClientMemory implements AutoCloseable {
    private static final int F_GET_SEALS = 1034;
    private static final int SEAL_SHRINK = 2;
    private static final int STATX_SIZE = 0x200;
    private static final long STATX_BYTES = 256;
    private static final long MIN_PAGE = 4096;
    private static final long MAX_PAGE = 1L << 30;

    private final DmaSpace dma;
    private final DmaSpace.Remote client;
    private final TreeMap<Long, Region> regions = new TreeMap<>();

    /** A region, and what its mapping ends with. */
    private record Region(long bytes, @Nullable Arena arena) {}

    ClientMemory(DmaSpace dma, DmaSpace.Remote client) {
        this.dma = dma;
        this.client = client;
    }

    /**
     * Maps a region.
     *
     * @param fd its file, or -1 for none; stays the caller's
     */
    void map(int fd, long offset, long address, long bytes, boolean writable)
            throws RefusedException {
        RefusedException.unless(
                bytes > 0 && address >= 0 && address <= Long.MAX_VALUE - bytes,
                Errno.EINVAL,
                "addresses of a region");
        RefusedException.unless(
                regions.size() < Protocol.MAX_DMA_MAPS, Errno.ENOSPC, "too many regions");
        Map.Entry<Long, Region> below = regions.lowerEntry(address + bytes);
        RefusedException.unless(
                below == null || below.getKey() + below.getValue().bytes <= address,
                Errno.EEXIST,
                "overlapping regions");
        if (fd < 0) {
            dma.map(address, bytes, client, writable);
            regions.put(address, new Region(bytes, null));
            return;
        }
        Arena arena = Arena.ofShared();
        try {
            dma.map(address, mapped(fd, offset, bytes, writable, arena), writable);
        } catch (RefusedException e) {
            arena.close();
            throw e;
        }
        regions.put(address, new Region(bytes, arena));
    }

    private static MemorySegment mapped(
            int fd, long offset, long bytes, boolean writable, Arena arena)
            throws RefusedException {
        int seals = Libc.fcntl(fd, F_GET_SEALS, 0);
        RefusedException.unless(
                seals > 0 && (seals & SEAL_SHRINK) != 0,
                Errno.EPERM,
                "memory that is no memfd with a sealed length");
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment status = scratch.allocate(STATX_BYTES, 8);
            RefusedException.unless(
                    Libc.statx(fd, STATX_SIZE, status) == 0, Errno.EINVAL, "file of a region");
            long size = status.get(JAVA_LONG, 40);
            RefusedException.unless(
                    offset >= 0 && offset <= size - bytes, Errno.EINVAL, "offset of a region");
            // The kernel maps whole pages, which may be huge ones.
            long page = Math.clamp(status.get(JAVA_INT, 4), MIN_PAGE, MAX_PAGE);
            long start = offset & -page;
            long length = (offset + bytes - start + page - 1) & -page;
            return Mapping.received(fd, start, length, writable, arena)
                    .asSlice(offset - start, bytes);
        } catch (ErrnoException e) {
            throw new RefusedException(e.errno(), "mapping of a region");
        }
    }

    /**
     * Unmaps all regions within a range, which must not cut any. There may be none: QEMU unmaps all
     * addresses when the guest turns an IOMMU on.
     */
    void unmap(long address, long bytes) throws RefusedException {
        RefusedException.unless(
                bytes > 0 && address >= 0 && address <= Long.MAX_VALUE - bytes,
                Errno.EINVAL,
                "addresses of a region");
        long end = address + bytes;
        Map.Entry<Long, Region> last = regions.lowerEntry(end);
        Map.Entry<Long, Region> before = regions.lowerEntry(address);
        RefusedException.unless(
                (last == null || last.getKey() + last.getValue().bytes <= end)
                        && (before == null || before.getKey() + before.getValue().bytes <= address),
                Errno.EINVAL,
                "part of a region");
        List.copyOf(regions.subMap(address, end).keySet()).forEach(this::remove);
    }

    private void remove(long address) {
        Region region = regions.remove(address);
        if (region == null) {
            return;
        }
        dma.unmap(address);
        if (region.arena != null) {
            // From here on nothing reaches it, not even an access that has just begun.
            region.arena.close();
        }
    }

    int count() {
        return regions.size();
    }

    /** Unmaps all. */
    @Override
    public void close() {
        new ArrayList<>(regions.keySet()).forEach(this::remove);
    }
}
