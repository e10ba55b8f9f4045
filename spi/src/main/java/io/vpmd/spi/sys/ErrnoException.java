// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import java.io.Serial;

/** A system call that failed: which call, on what, and the errno. */
public final class ErrnoException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String operation;
    private final String object;
    private final int errno;

    /**
     * A failed call.
     *
     * @param operation the call in the words of its manual page, for example {@code "TUNSETIFF"}
     * @param object what it was applied to, for example an interface name
     * @param errno the positive errno
     */
    public ErrnoException(String operation, String object, int errno) {
        super(operation + " " + object + ": " + Errno.name(errno));
        this.operation = operation;
        this.object = object;
        this.errno = errno;
    }

    public String operation() {
        return operation;
    }

    public String object() {
        return object;
    }

    public int errno() {
        return errno;
    }

    /** The call, its object and the errno's name, as the message has them. */
    public String reason() {
        return operation + " " + object + ": " + Errno.name(errno);
    }

    /**
     * Returns {@code result} when it is not negative; throws it as the errno it stands for else.
     */
    public static int check(int result, String operation, String object) {
        if (result < 0) {
            throw new ErrnoException(operation, object, -result);
        }
        return result;
    }
}
