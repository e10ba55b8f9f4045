// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Quiets a device when the JVM ends without closing its port, so that it writes into nobody's
 * memory. Gives nothing back: other threads still run.
 */
public final class ExitGuard implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ExitGuard.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(6);

    private final String port;
    private final Runnable stop;
    private final Runnable silence;
    private final Thread hook;

    /**
     * Guards until {@link #close}.
     *
     * @param stop ends the bursts, as {@code Port.stop} does; given up after 6 seconds
     * @param silence follows in any case: no interrupt, no bus mastering; must not wait for a lock
     */
    public ExitGuard(String port, Runnable stop, Runnable silence) {
        this.port = port;
        this.stop = stop;
        this.silence = silence;
        hook = new Thread(() -> quiet(STOP_TIMEOUT), "vpmd-exit-" + port);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void quiet(Duration limit) {
        try {
            Thread stopping =
                    Thread.ofPlatform().daemon().name("vpmd-stop-" + port).start(this::end);
            if (!stopping.join(limit)) {
                LOG.log(Level.WARNING, port + " does not stop; its device is silenced");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            silence.run();
        }
    }

    private void end() {
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, port + " was not stopped in order: " + e.getMessage());
        }
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
