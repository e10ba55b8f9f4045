// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A program that runs beside the test, with what it printed. */
public final class Started implements AutoCloseable {
    private static final int END_SECONDS = 30;
    private static final Path LAUNCHER = Path.of("vpmd").toAbsolutePath();

    private final Process process;
    private final Path output;

    private Started(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code bench/vpmd LINE} with the classes under test; the line is split at spaces. */
    static Started vpmd(String line) {
        return vpmd(List.of(), line);
    }

    /** The same inside a network namespace. */
    static Started vpmdIn(String namespace, String line) {
        return vpmd(List.of("ip", "netns", "exec", namespace), line);
    }

    /** The same behind a command that runs other commands. */
    static Started vpmd(List<String> prefix, String line) {
        List<String> command = new ArrayList<>(prefix);
        command.add(LAUNCHER.toString());
        command.addAll(List.of(line.split(" ")));
        return start(command);
    }

    /** Starts a program in a network namespace; the line is split at spaces. */
    public static Started in(String namespace, String line) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(line.split(" ")));
        return start(command);
    }

    /** Starts a class of the tests in a network namespace. */
    public static Started javaIn(String namespace, Class<?> main, String line) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        return in(namespace, String.join(" ", "" + java, "-cp", classPath, main.getName(), line));
    }

    private static Started start(List<String> command) {
        try {
            Path output = Files.createTempFile("vpmd-test", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().put("VPMD_CLASS_PATH", System.getProperty("java.class.path"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            return new Started(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** What it has printed so far, errors included. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void signal(String name) {
        Shell.check("kill", "-" + name, String.valueOf(pid()));
    }

    /** Waits until the output has {@code text}. */
    public Started awaitOutput(String text) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!output().contains(text)) {
            assertTrue(process.isAlive(), () -> "ended before \"" + text + "\": " + output());
            assertTrue(System.nanoTime() < limit, () -> "no \"" + text + "\" in time: " + output());
            LockSupport.parkNanos(10_000_000);
        }
        return this;
    }

    /** Waits for the end and returns the exit code. */
    public int await() {
        return await(END_SECONDS);
    }

    /** The same for one that may run for so long. */
    public int await(int seconds) {
        try {
            assertTrue(process.waitFor(seconds, TimeUnit.SECONDS), () -> "still runs: " + output());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
