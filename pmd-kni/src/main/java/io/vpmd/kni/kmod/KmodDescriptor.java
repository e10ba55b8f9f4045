// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** An open descriptor of /dev/kni whose module is of this version. Any thread. */
final class KmodDescriptor implements AutoCloseable {
    private final int fd;

    /**
     * Opens the device.
     *
     * @throws ErrnoException when there is no module, or no right to use it
     * @throws KmodException when the module is of another version
     */
    KmodDescriptor(int flags) {
        String path = KmodDevice.PATH;
        fd =
                ErrnoException.check(
                        Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC | flags, 0), "open", path);
        try {
            greet();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void greet() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment hello =
                    call.allocateFrom(
                            JAVA_INT,
                            KmodAbi.KNI_ABI,
                            KmodAbi.RING_SIZE,
                            KmodAbi.ENTRY_SIZE,
                            KmodAbi.CREATE_SIZE,
                            KmodAbi.REGION_SIZE,
                            KmodAbi.COUNTERS_SIZE,
                            KmodAbi.EVENT_SIZE,
                            KmodAbi.LINK_SIZE,
                            KmodAbi.PLACE_SIZE,
                            KmodAbi.INFO_SIZE,
                            KmodAbi.REQUEST_SIZE,
                            KmodAbi.ANSWER_SIZE,
                            KmodAbi.REASON_SIZE,
                            0);
            ask(KmodAbi.KNI_IOC_HELLO, hello, "KNI_IOC_HELLO");
        }
    }

    int fd() {
        return fd;
    }

    /** A call whose argument is a structure. */
    void ask(long request, MemorySegment argument, String operation) {
        check(Libc.ioctl(fd, request, argument), operation);
    }

    /** A call whose argument is a pointer to a number. */
    void askNumber(long request, int number, String operation) {
        try (Arena call = Arena.ofConfined()) {
            ask(request, call.allocateFrom(JAVA_INT, number), operation);
        }
    }

    /** A call without an argument; returns its result. */
    int ask(long request, String operation) {
        return check(Libc.ioctl(fd, request, 0L), operation);
    }

    private int check(int result, String operation) {
        if (result < 0) {
            throw new KmodException(
                    reason(), new ErrnoException(operation, KmodDevice.PATH, -result));
        }
        return result;
    }

    private String reason() {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment reason = call.allocate(KmodAbi.REASON_SIZE, 8);
            int r = Libc.ioctl(fd, KmodAbi.KNI_IOC_REASON, reason);
            return r < 0 ? "" : reason.getString(0, StandardCharsets.UTF_8);
        }
    }

    /** Once. */
    @Override
    public void close() {
        Libc.close(fd);
    }
}
