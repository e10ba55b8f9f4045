// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.PortException;
import io.vpmd.spi.sys.Errno;

import java.io.Serial;

/** A request that the kernel refused or did not answer. */
public final class NetlinkException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * A refused request.
     *
     * @param operation what was asked, for example {@code "set mtu 9000"}
     * @param object the interface, for example {@code "vEth0"}
     * @param errno the positive errno
     * @param kernelText the kernel's own explanation, empty when it gave none
     */
    NetlinkException(String operation, String object, int errno, String kernelText) {
        super(operation, object, problem(errno, kernelText), nextStep(errno));
        this.errno = errno;
    }

    /** The positive errno of the kernel; ETIMEDOUT when it did not answer. */
    public int errno() {
        return errno;
    }

    private static String problem(int errno, String kernelText) {
        String name = "the kernel says " + Errno.name(errno);
        return kernelText.isEmpty() ? name : name + " (" + kernelText + ")";
    }

    private static String nextStep(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES -> "run it as root or with CAP_NET_ADMIN";
            case Errno.ENODEV -> "check that the interface is still there";
            case Errno.EEXIST -> "remove what is there first";
            case Errno.EINVAL, Errno.ERANGE -> "pick a value that the interface allows";
            case Errno.EBUSY -> "set the interface down first";
            case Errno.ETIMEDOUT -> "try again when the system is less busy";
            default -> "see rtnetlink(7)";
        };
    }
}
