// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.spi.PortException;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.mbuf.PoolException;
import io.vpmd.spi.sys.ErrnoException;

import picocli.CommandLine.ExitCode;

import java.util.ServiceConfigurationError;

/** Turns exceptions into one sentence and an exit code. */
final class Failure {
    private Failure() {}

    /** What to tell the user about {@code e}. */
    static String sentence(Throwable e) {
        String message = e.getMessage();
        boolean ours =
                e instanceof UsageException
                        || e instanceof RunException
                        || e instanceof PortException
                        || e instanceof SpecException
                        || e instanceof PoolException
                        || e instanceof ErrnoException
                        || e instanceof ServiceConfigurationError;
        return ours && message != null
                ? message.lines().findFirst().orElse("failed")
                : "this is a bug in vpmd: " + e + "; --verbose shows where";
    }

    /** 2 when other arguments would have helped, else 1. */
    static int exitCode(Throwable e) {
        return e instanceof UsageException || e instanceof SpecException
                ? ExitCode.USAGE
                : ExitCode.SOFTWARE;
    }
}
