// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import java.io.Serial;

/** What the user wrote cannot be done; the message is one sentence that says why and what can. */
public final class UsageException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public UsageException(String sentence) {
        super(sentence);
    }
}
