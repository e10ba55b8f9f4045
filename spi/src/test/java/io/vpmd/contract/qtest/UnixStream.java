// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.vpmd.spi.sys.BurstCalls;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A connection to a Unix socket, read and written without allocation. */
final class UnixStream implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int PATH_LENGTH = 108;

    private final int fd;

    private UnixStream(int fd) {
        this.fd = fd;
    }

    /** Connects; reads that wait longer than the time given fail. */
    static UnixStream connect(Path path, int timeoutSeconds) {
        int fd =
                ErrnoException.check(
                        Libc.socket(AF_UNIX, SOCK_STREAM | Libc.O_CLOEXEC, 0), "socket", "unix");
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            if (name.length >= PATH_LENGTH) {
                throw new IllegalArgumentException("a socket path has at most 107 bytes: " + path);
            }
            MemorySegment address = arena.allocate(2 + PATH_LENGTH);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            ErrnoException.check(Libc.connect(fd, address), "connect", path.toString());
            MemorySegment limit = arena.allocate(16, 8);
            limit.set(JAVA_LONG, 0, timeoutSeconds);
            ErrnoException.check(
                    Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, limit), "SO_RCVTIMEO", "socket");
            return new UnixStream(fd);
        } catch (RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    /** Writes all bytes at a native address. */
    void write(long address, int length) {
        int done = 0;
        while (done < length) {
            int n = BurstCalls.write(fd, address + done, length - done);
            if (n <= 0) {
                throw new IllegalStateException("QEMU has closed its socket");
            }
            done += n;
        }
    }

    /** Reads at least one byte. */
    int read(long address, int length) {
        int n = BurstCalls.read(fd, address, length);
        if (n <= 0) {
            throw new IllegalStateException("QEMU does not answer, or has ended");
        }
        return n;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
