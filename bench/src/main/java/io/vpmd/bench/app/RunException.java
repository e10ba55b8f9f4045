// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** A run that failed for a reason that is no port's; the message is one sentence. */
public final class RunException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public RunException(String sentence) {
        this(sentence, null);
    }

    public RunException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
