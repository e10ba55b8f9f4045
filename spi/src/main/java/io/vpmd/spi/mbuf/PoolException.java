// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** A buffer pool that cannot be made or closed; the message says what to do. */
public final class PoolException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public PoolException(
            String operation,
            String pool,
            String problem,
            String nextStep,
            @Nullable Exception cause) {
        super(operation + " pool " + pool + ": " + problem + "; " + nextStep, cause);
    }
}
