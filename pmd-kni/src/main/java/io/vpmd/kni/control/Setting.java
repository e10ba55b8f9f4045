// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.NetlinkException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** One setting that the kernel's side and the application's side must agree on. */
final class Setting<T> {
    private T accepted;
    private @Nullable T overwritten;
    private @Nullable T stuck;

    /** The kernel's side. */
    interface Kernel<T> {
        /** The value that it has now. */
        T now();

        /**
         * Sets it.
         *
         * @return the values that it had since {@link #now}, in order, with this one and later ones
         */
        List<T> write(T value);
    }

    /** What became of a request. */
    enum Outcome {
        ACCEPTED,
        /** Refused, and the kernel has the accepted value again. */
        PUT_BACK,
        /** Refused, but the kernel had another value by then. */
        SUPERSEDED,
        /** Refused, and the kernel keeps it nevertheless. */
        STUCK
    }

    Setting(T accepted) {
        this.accepted = accepted;
    }

    /** What the application agreed to last. */
    T accepted() {
        return accepted;
    }

    /** The application has, or is told of, this value. */
    void accept(T value) {
        accepted = value;
        overwritten = null;
        stuck = null;
    }

    /** The value to ask about when the kernel's is {@code kernel}; null when they agree. */
    @Nullable T pending(T kernel) {
        if (!kernel.equals(stuck)) {
            stuck = null;
        }
        if (!kernel.equals(accepted)) {
            return kernel.equals(stuck) ? null : kernel;
        }
        return overwritten;
    }

    /** The application sets its own value. */
    void apply(T value, Kernel<T> kernel) {
        if (!kernel.now().equals(value)) {
            kernel.write(value);
        }
        accept(value);
    }

    /** Ends a request about {@code value} that the application answered. */
    Outcome settle(T value, boolean ok, Kernel<T> kernel) {
        T now = kernel.now();
        if (ok) {
            boolean restore = value.equals(overwritten) && now.equals(accepted);
            accept(value);
            if (restore) {
                overwritten = overwrittenOf(null, kernel.write(value));
            }
            return Outcome.ACCEPTED;
        }
        if (!now.equals(value)) {
            overwritten = null;
            return Outcome.SUPERSEDED;
        }
        try {
            overwritten = overwrittenOf(value, kernel.write(accepted));
            return Outcome.PUT_BACK;
        } catch (NetlinkException _) {
            stuck = value;
            return Outcome.STUCK;
        }
    }

    /** A third value before the accepted one is a change that was written over. */
    private @Nullable T overwrittenOf(@Nullable T refused, List<T> seen) {
        T last = null;
        for (T value : seen) {
            if (value.equals(accepted)) {
                return last;
            }
            last = value.equals(refused) ? null : value;
        }
        return null;
    }
}
