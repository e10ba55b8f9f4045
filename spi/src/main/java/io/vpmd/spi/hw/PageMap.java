// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Physical addresses of this process's memory, from /proc/self/pagemap. */
final class PageMap implements AutoCloseable {
    private static final String FILE = "/proc/self/pagemap";
    private static final int PAGE = 4096;
    private static final long PRESENT = 1L << 63;
    private static final long FRAME = (1L << 55) - 1;

    private final String device;
    private final int fd;

    /** Opens it; messages name the device. */
    PageMap(String device) {
        this(device, FILE);
    }

    PageMap(String device, String file) {
        this.device = device;
        this.fd = Libc.open(file, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw unreadable(Errno.name(-fd));
        }
    }

    /** Where the byte at an address of this process is; the page was touched. */
    long physical(long address) {
        long entry = entry(address / PAGE);
        if ((entry & PRESENT) == 0) {
            throw refused(
                    "its memory at " + Long.toHexString(address) + " is not there", "see dmesg");
        }
        if ((entry & FRAME) == 0) {
            // Readable for everybody, but the frame numbers are kept from who has no capability.
            throw unreadable("no physical addresses are shown");
        }
        return (entry & FRAME) * PAGE + address % PAGE;
    }

    private long entry(long page) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            int r = Libc.pread(fd, value, JAVA_LONG.byteSize(), page * JAVA_LONG.byteSize());
            if (r != JAVA_LONG.byteSize()) {
                throw unreadable(r < 0 ? Errno.name(-r) : "it is too short");
            }
            return value.get(JAVA_LONG, 0);
        }
    }

    private BusException unreadable(String reason) {
        return refused(
                FILE + " cannot be read: " + reason,
                "run as root (CAP_SYS_ADMIN), or bind the device to vfio-pci");
    }

    private BusException refused(String problem, String nextStep) {
        return new BusException("map memory for", device, problem, nextStep);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
