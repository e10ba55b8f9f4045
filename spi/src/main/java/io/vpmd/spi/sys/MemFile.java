// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A file in memory (memfd_create(2)), mapped shared and faulted in: memory that can be handed to
 * another process, to a device or to a kernel module by its descriptor. Its length is sealed.
 * Backed by huge pages where the system has free ones.
 */
public final class MemFile implements AutoCloseable {
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_HUGETLB = 4;
    private static final int MFD_HUGE_2MB = 21 << 26;

    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL_SHRINK_GROW = 1 | 2 | 4;

    /** Bytes of a huge page. */
    public static final long HUGE_PAGE = 2L << 20;

    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final int fd;
    private final boolean huge;
    private final MemorySegment memory;

    private MemFile(String name, long bytes, boolean huge) {
        this.huge = huge;
        long page = huge ? HUGE_PAGE : PAGE;
        long length = (bytes + page - 1) / page * page;
        fd =
                ErrnoException.check(
                        Libc.memfdCreate(
                                name,
                                MFD_CLOEXEC
                                        | MFD_ALLOW_SEALING
                                        | (huge ? MFD_HUGETLB | MFD_HUGE_2MB : 0)),
                        "memfd_create",
                        name);
        try {
            ErrnoException.check(Libc.ftruncate(fd, length), "ftruncate", length + " bytes");
            // Whoever gets the descriptor may rely on the length: no access beyond it ends a JVM.
            ErrnoException.check(
                    Libc.fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL_SHRINK_GROW), "F_ADD_SEALS", name);
            memory = Mapping.kept(fd, length, huge, arena);
        } catch (RuntimeException e) {
            Libc.close(fd);
            arena.close();
            throw e;
        }
    }

    /**
     * Makes and maps a file in memory.
     *
     * @param name for {@code /proc/PID/maps}
     * @param bytes at least this many; rounded up to whole pages
     * @throws ErrnoException when there is not enough memory or no free descriptor
     */
    public static MemFile create(String name, long bytes) {
        if (bytes >= HUGE_PAGE) {
            try {
                return new MemFile(name, bytes, true);
            } catch (ErrnoException _) {
                // No free huge pages: ordinary ones do.
            }
        }
        return new MemFile(name, bytes, false);
    }

    /**
     * The same on huge pages, which stay where they are in physical memory.
     *
     * @throws ErrnoException when there are not enough of them
     */
    public static MemFile createHuge(String name, long bytes) {
        return new MemFile(name, bytes, true);
    }

    /** The whole mapping; closed with this file. */
    public MemorySegment memory() {
        return memory;
    }

    /** The descriptor; it belongs to this object. */
    public int fd() {
        return fd;
    }

    public boolean hugePages() {
        return huge;
    }

    /**
     * Unmaps and closes. Idempotent; later access to {@link #memory()} throws. The addresses stay
     * reserved for memory files.
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            Libc.close(fd);
        }
    }
}
