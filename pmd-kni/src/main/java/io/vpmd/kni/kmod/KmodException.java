// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import io.vpmd.spi.sys.ErrnoException;

/** A call of kni.ko that failed, with the sentence in which the module said why. */
public final class KmodException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;

    KmodException(String reason, ErrnoException cause) {
        super(reason.isEmpty() ? cause.reason() : reason, cause);
        this.errno = cause.errno();
    }

    /** The number of the error. */
    public int errno() {
        return errno;
    }

    /** The module's sentence, or the errno's text where it has none. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
