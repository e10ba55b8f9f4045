// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

/**
 * Quiets a device when the JVM ends without closing its port, so that it writes into nobody's
 * memory. Gives nothing back: other threads still run.
 */
public final class ExitGuard implements AutoCloseable {
    private final Thread hook;

    /** Runs {@code quiet} on exit, unless {@link #close} comes first. */
    public ExitGuard(String port, Runnable quiet) {
        hook = new Thread(quiet, "vpmd-exit-" + port);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending: the hook has run or will.
        }
    }
}
