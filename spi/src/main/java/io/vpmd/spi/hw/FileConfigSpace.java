// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Configuration space as a part of a file: VFIO's region, or {@code config} in sysfs. */
final class FileConfigSpace extends ConfigSpace {
    private static final java.lang.foreign.ValueLayout.OfInt LITTLE =
            JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int fd;
    private final long start;
    private final String device;

    /** The space at {@code start} of the file, which stays the caller's. */
    FileConfigSpace(int fd, long start, String device) {
        this.fd = fd;
        this.start = start;
        this.device = device;
    }

    @Override
    public int read(int offset, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 4);
            check(Libc.pread(fd, value, bytes, start + offset), bytes, "read");
            return value.get(LITTLE, 0);
        }
    }

    @Override
    public void write(int offset, int bytes, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(4, 4);
            segment.set(LITTLE, 0, value);
            check(Libc.pwrite(fd, segment, bytes, start + offset), bytes, "write");
        }
    }

    private void check(int result, int bytes, String operation) {
        if (result != bytes) {
            throw new BusException(
                    operation + " configuration space of",
                    device,
                    result < 0 ? Errno.name(-result) : result + " bytes instead of " + bytes,
                    "check that the device is still there: lspci");
        }
    }
}
