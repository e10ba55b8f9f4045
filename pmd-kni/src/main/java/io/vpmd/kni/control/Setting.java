// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One setting that the kernel's side and the application's side must agree on. It says what is to
 * be asked and what a put-back has overwritten; it neither asks nor puts back.
 */
final class Setting<T> {
    private T accepted;
    private @Nullable T overwritten;
    private @Nullable T stuck;

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

    /** Whether {@code value} was asked about because a put-back had overwritten it. */
    boolean wasOverwritten(T value) {
        return value.equals(overwritten);
    }

    /** An overwritten value was refused too: it is out of the kernel already. */
    void forgetOverwritten() {
        overwritten = null;
    }

    /**
     * The kernel has the accepted value again.
     *
     * @param refused what was replaced
     * @param seen the kernel's values since it was last looked at, in order. A third one before the
     *     accepted one is a change that the put-back overwrote; it is asked about next.
     */
    void putBack(T refused, List<T> seen) {
        overwritten = null;
        for (T value : seen) {
            if (value.equals(accepted)) {
                return;
            }
            overwritten = value.equals(refused) ? null : value;
        }
        // The accepted value was not among them: nothing is known to be overwritten.
        overwritten = null;
    }

    /** The kernel keeps {@code refused}; it is not asked about again until it changes. */
    void stuck(T refused) {
        stuck = refused;
    }
}
