// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands. */
final class Shell {
    /** What a command printed and how it ended; -1 when it was stopped because it took too long. */
    record Result(int exit, String output) {}

    private static final int PATIENCE_SECONDS = 10;

    private Shell() {}

    /** Runs a command and waits for it, with its error output among the other. */
    static Result run(int seconds, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("compare", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            process.getOutputStream().close();
            boolean ended = false;
            try {
                ended = process.waitFor(seconds, TimeUnit.SECONDS);
            } finally {
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
            }
            String output = Files.readString(log, StandardCharsets.UTF_8);
            return new Result(ended ? process.exitValue() : -1, output);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /**
     * Runs a command that has to succeed.
     *
     * @throws RunException with what it said
     */
    static void must(String... command) throws IOException, InterruptedException {
        Result result = run(PATIENCE_SECONDS, List.of(command));
        if (result.exit() != 0) {
            throw new RunException(
                    String.join(" ", command) + " failed: " + lastLine(result.output()));
        }
    }

    /** Runs a command whose failure does not matter. */
    static void may(String... command) throws IOException, InterruptedException {
        run(PATIENCE_SECONDS, List.of(command));
    }

    /** The last line that is not empty. */
    static String lastLine(String output) {
        return output.lines()
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second)
                .orElse("no output")
                .strip();
    }
}
