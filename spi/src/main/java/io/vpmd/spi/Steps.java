// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import org.jspecify.annotations.Nullable;

/** Steps of a release: all have their turn, and the first failure is thrown at the end. */
final class Steps {
    private @Nullable RuntimeException first;

    void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    boolean failedWith(Class<? extends RuntimeException> type) {
        return type.isInstance(first);
    }

    /** Throws what the first failed step threw. */
    void end() {
        if (first != null) {
            throw first;
        }
    }
}
