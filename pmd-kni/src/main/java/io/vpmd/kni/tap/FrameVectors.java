// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.sys.Libc;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where the bytes of outgoing frames are: for each of a number of slots one address when header and
 * data are contiguous, or a list of {@code struct iovec}.
 */
final class FrameVectors {
    /** Longest chain with a header of its own. */
    static final int MAX_VECTORS = 256;

    private static final long IOVEC_SIZE = 16;
    private static final long SLOT_SIZE = MAX_VECTORS * IOVEC_SIZE;

    private final MemorySegment vectors;
    private final MemorySegment headers;
    private final int[] counts;

    FrameVectors(int slots) {
        Arena arena = Arena.ofAuto();
        vectors = arena.allocate(slots * SLOT_SIZE, 8);
        headers = arena.allocate(slots * 16L, 8);
        counts = new int[slots];
    }

    /**
     * Describes {@code m}, whose first segment gets the header in its headroom where it fits.
     *
     * @return false when the packet is malformed
     */
    boolean set(int slot, Mbuf m) {
        counts[slot] = 0;
        if (m.headroom() >= VnetHeader.SIZE) {
            long start = m.dataAddress() - VnetHeader.SIZE;
            add(slot, m.memory().address() + start, m.dataLength() + VnetHeader.SIZE);
            return VnetHeader.write(m, m.memory(), start)
                    && (m.nextHandle() == 0 || addChain(slot, m.next()));
        }
        add(slot, headers.address() + slot * 16L, VnetHeader.SIZE);
        return VnetHeader.write(m, headers, slot * 16L) && addChain(slot, m);
    }

    private boolean addChain(int slot, @Nullable Mbuf first) {
        for (Mbuf m = first; m != null; m = m.next()) {
            if (counts[slot] == MAX_VECTORS) {
                return false;
            }
            add(slot, m.memory().address() + m.dataAddress(), m.dataLength());
        }
        return true;
    }

    private void add(int slot, long address, int length) {
        long at = slot * SLOT_SIZE + counts[slot]++ * IOVEC_SIZE;
        vectors.set(JAVA_LONG, at, address);
        vectors.set(JAVA_LONG, at + 8, length);
    }

    /** Number of pieces. */
    int count(int slot) {
        return counts[slot];
    }

    /** Address of the first piece. */
    long address(int slot) {
        return vectors.get(JAVA_LONG, slot * SLOT_SIZE);
    }

    /** Bytes of the first piece. */
    int length(int slot) {
        return (int) vectors.get(JAVA_LONG, slot * SLOT_SIZE + 8);
    }

    /** Address of the list of pieces. */
    long vectorAddress(int slot) {
        return vectors.address() + slot * SLOT_SIZE;
    }

    /** Writes slot 0 with one system call; returns what it returned or the negated errno. */
    int write(int fd) {
        return counts[0] == 1
                ? Libc.write(fd, address(0), length(0))
                : Libc.writev(fd, vectors, counts[0]);
    }
}
