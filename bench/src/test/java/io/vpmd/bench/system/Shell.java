// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system. */
public final class Shell {
    private static final long TIMEOUT_SECONDS = 30;

    /**
     * How a program ended.
     *
     * @param output what it printed, errors included
     */
    public record Result(int exit, String output) {}

    private Shell() {}

    /** Runs a program to its end. */
    public static Result run(String... command) {
        return run(TIMEOUT_SECONDS, command);
    }

    /** Runs a program that may take so long. */
    public static Result run(long seconds, String... command) {
        try {
            Path output = Files.createTempFile("vpmd-test", ".out");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " did not end");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Runs a program that has to succeed, and returns what it printed. */
    public static String check(String... command) {
        Result result = run(command);
        assertEquals(0, result.exit(), () -> String.join(" ", command) + ": " + result.output());
        return result.output();
    }

    /** The same inside a network namespace; the line is split at spaces. */
    public static String in(String namespace, String line) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(line.split(" ")));
        return check(command.toArray(String[]::new));
    }

    /** Whether a program is installed. */
    public static boolean has(String program) {
        return run("sh", "-c", "command -v " + program).exit() == 0;
    }
}
