// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.sys.Errno;

import java.io.Serial;

/**
 * A message that is answered with an error. Without a stack trace: the other end decides how many
 * there are.
 */
final class RefusedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final int errno;
    private final String reason;

    /**
     * The reason for a refusal.
     *
     * @param reason a few words without numbers from the message, because they are counted by it
     */
    RefusedException(int errno, String reason) {
        super(reason + ": " + Errno.name(errno), null, false, false);
        this.errno = errno;
        this.reason = reason + ": " + Errno.name(errno);
    }

    int errno() {
        return errno;
    }

    /** The reason and the errno's name. */
    String reason() {
        return reason;
    }

    /** Refuses unless something is true of the message. */
    static void unless(boolean valid, int errno, String reason) throws RefusedException {
        if (!valid) {
            throw new RefusedException(errno, reason);
        }
    }
}
