// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.sys.Errno;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * A driver's memory of which the other end has no descriptor, and the answers to its accesses, each
 * held to one region. With the connection's lock.
 */
final class ClientAnswers {
    private final TreeMap<Long, MemorySegment> regions = new TreeMap<>();

    void add(long address, MemorySegment memory) {
        regions.put(address, memory);
    }

    void remove(long address) {
        regions.remove(address);
    }

    /** Whether a message asks for an access. */
    static boolean isAccess(Messages messages) {
        int command = messages.command();
        return (messages.flags() & TYPE_MASK) == 0 && (command == DMA_READ || command == DMA_WRITE);
    }

    /**
     * Does the access that was asked for, and answers; with an error when it is not within a
     * region.
     *
     * @return false when the other end is gone
     */
    boolean answer(Messages messages) {
        int bytes = 0;
        int errno = 0;
        try {
            bytes = access(messages);
        } catch (RefusedException e) {
            errno = e.errno();
        }
        if ((messages.flags() & NO_REPLY) != 0) {
            return true;
        }
        int flags = TYPE_REPLY | (errno == 0 ? 0 : ERROR);
        return messages.send(messages.id(), messages.command(), bytes, flags, errno);
    }

    private static MemorySegment data(ByteBuffer message, long count) {
        return MemorySegment.ofBuffer(message.slice(HEADER + DMA_ACCESS_BYTES, (int) count));
    }

    /** Returns the bytes of the answer's body. */
    private int access(Messages messages) throws RefusedException {
        ByteBuffer in = messages.in();
        ByteBuffer out = messages.out();
        boolean write = messages.command() == DMA_WRITE;
        RefusedException.unless(
                messages.bodyBytes() >= DMA_ACCESS_BYTES && messages.descriptors().count() == 0,
                Errno.EINVAL,
                "length");
        long address = in.getLong(HEADER);
        long count = in.getLong(HEADER + 8);
        int data = messages.bodyBytes() - DMA_ACCESS_BYTES;
        RefusedException.unless(
                count > 0 && count <= MAX_DATA && data == (write ? count : 0),
                Errno.EINVAL,
                "count");
        Map.Entry<Long, MemorySegment> region = regions.floorEntry(address);
        if (region == null) {
            throw new RefusedException(Errno.EINVAL, "memory that is not there");
        }
        MemorySegment memory = region.getValue();
        long at = address - region.getKey();
        RefusedException.unless(
                at <= memory.byteSize() - count, Errno.EINVAL, "access beyond memory");
        out.putLong(HEADER, address);
        out.putLong(HEADER + 8, count);
        if (write) {
            MemorySegment.copy(data(in, count), 0, memory, at, count);
            return DMA_ACCESS_BYTES;
        }
        MemorySegment.copy(memory, at, data(out, count), 0, count);
        return (int) (DMA_ACCESS_BYTES + count);
    }
}
