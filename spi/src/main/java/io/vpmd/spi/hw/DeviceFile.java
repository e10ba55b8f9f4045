// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.nio.file.Path;
import java.util.function.IntFunction;

/** How a device is opened through the kernel's files, and what is said when that fails. */
final class DeviceFile {
    private DeviceFile() {}

    /**
     * Opens a file for reading and writing.
     *
     * @param nextStep what to do about an errno
     * @return its descriptor
     */
    static int open(PciAddress device, Path file, IntFunction<String> nextStep) {
        int fd = Libc.open(file.toString(), Libc.O_RDWR | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw refused(device, "open " + file + ": " + Errno.name(-fd), nextStep.apply(-fd));
        }
        return fd;
    }

    /** The result of a call whose failure only the kernel's log explains. */
    static int check(int result, String call, PciAddress device) {
        if (result < 0) {
            String name = device.toString();
            ErrnoException cause = new ErrnoException(call, name, -result);
            throw new BusException("open", name, cause.reason(), "see dmesg", cause);
        }
        return result;
    }

    static BusException refused(PciAddress device, String problem, String nextStep) {
        return new BusException("open", device.toString(), problem, nextStep);
    }
}
