// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory from mmap(2). All mapped memory of vpmd comes from here, so that the JIT sees one kind of
 * segment.
 */
@SuppressWarnings("restricted")
public final class Mapping {
    private static final int PROT_READ = 1;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MAP_POPULATE = 0x8000;

    /**
     * All of this process's memory, at its addresses. Nothing is checked: for what has been checked
     * in a cheaper way.
     */
    public static final MemorySegment EVERYTHING = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /* All that an address in user space has. */
    private static final long ADDRESS_BITS = Long.MAX_VALUE >>> 1;

    private Mapping() {}

    /** The same address, in a form that shows the JIT that it is within {@link #EVERYTHING}. */
    public static long address(long address) {
        return address & ADDRESS_BITS;
    }

    /**
     * Maps {@code length} bytes of {@code fd} from {@code offset} on, shared, and faults them in.
     * The memory is unmapped when {@code arena} closes.
     *
     * @throws ErrnoException when the kernel refuses
     */
    public static MemorySegment shared(int fd, long offset, long length, Arena arena) {
        return map(fd, offset, length, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE, arena);
    }

    /**
     * The same in a range of addresses that is for such mappings for ever: after the arena was
     * closed its bytes are zero, and what is written to them reaches nothing, until another mapping
     * of the same kind takes the range. So an address that is used too late touches no other
     * memory.
     *
     * @param huge whether {@code fd} is on huge pages
     * @throws ErrnoException when the kernel refuses
     */
    public static MemorySegment kept(int fd, long length, boolean huge, Arena arena) {
        long address = KeptRanges.take(length, huge);
        int fixed = address == 0 ? 0 : MAP_FIXED;
        long mapped =
                Libc.mmapAt(
                        address, length, PROT_READ_WRITE, MAP_SHARED | MAP_POPULATE | fixed, fd, 0);
        if (mapped < 0) {
            // The kernel may have emptied the range, so nobody takes it again.
            throw new ErrnoException("mmap", length + " bytes", (int) -mapped);
        }
        return MemorySegment.ofAddress(mapped)
                .reinterpret(length, arena, memory -> retire(memory.address(), length, huge));
    }

    private static void retire(long address, long length, boolean huge) {
        empty(address, length);
        KeptRanges.keep(address, length, huge);
    }

    /**
     * Maps registers: the same as {@link #shared} without touching them.
     *
     * @throws ErrnoException when the kernel refuses
     */
    public static MemorySegment device(int fd, long offset, long length, Arena arena) {
        return map(fd, offset, length, PROT_READ_WRITE, MAP_SHARED, arena);
    }

    /**
     * Maps memory of another process, whose pages are taken when they are touched. A write to what
     * was not mapped writable ends the JVM.
     *
     * @throws ErrnoException when the kernel refuses
     */
    public static MemorySegment received(
            int fd, long offset, long length, boolean writable, Arena arena) {
        int protection = writable ? PROT_READ_WRITE : PROT_READ;
        return map(fd, offset, length, protection, MAP_SHARED, arena);
    }

    /**
     * Puts memory of nobody's in the place of a mapping, which lets go of its file. The segment
     * stays usable; its bytes are zero, and what is written to them reaches nothing.
     *
     * @throws ErrnoException when the kernel refuses
     */
    public static void replace(MemorySegment mapping) {
        empty(mapping.address(), mapping.byteSize());
    }

    private static void empty(long address, long length) {
        int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
        long mapped = Libc.mmapAt(address, length, PROT_READ_WRITE, flags, -1, 0);
        if (mapped < 0) {
            throw new ErrnoException("mmap", length + " bytes", (int) -mapped);
        }
    }

    private static MemorySegment map(
            int fd, long offset, long length, int protection, int flags, Arena arena) {
        long address = Libc.mmap(length, protection, flags, fd, offset);
        if (address < 0) {
            throw new ErrnoException("mmap", length + " bytes", (int) -address);
        }
        return MemorySegment.ofAddress(address)
                .reinterpret(length, arena, memory -> Libc.munmap(memory.address(), length));
    }
}
