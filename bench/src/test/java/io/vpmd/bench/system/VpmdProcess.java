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

/** A process started through {@code bench/vpmd}, with the classes under test. */
final class VpmdProcess implements AutoCloseable {
    private static final Path LAUNCHER = Path.of("vpmd").toAbsolutePath();

    private final Process process;
    private final Path output;

    private VpmdProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts {@code vpmd LINE}; the line is split at spaces. */
    static VpmdProcess start(String line) {
        return start(List.of(), line);
    }

    /** The same inside a network namespace. */
    static VpmdProcess startIn(String namespace, String line) {
        return start(List.of("ip", "netns", "exec", namespace), line);
    }

    static VpmdProcess start(List<String> prefix, String line) {
        List<String> command = new ArrayList<>(prefix);
        command.add(LAUNCHER.toString());
        command.addAll(List.of(line.split(" ")));
        try {
            Path output = Files.createTempFile("vpmd-test", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            builder.environment().put("VPMD_CLASS_PATH", System.getProperty("java.class.path"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            return new VpmdProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    String output() {
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
    VpmdProcess awaitOutput(String text) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!output().contains(text)) {
            assertTrue(process.isAlive(), () -> "ended before \"" + text + "\": " + output());
            assertTrue(System.nanoTime() < limit, () -> "no \"" + text + "\" in time: " + output());
            LockSupport.parkNanos(10_000_000);
        }
        return this;
    }

    /** Waits for the end and returns the exit code. */
    int await() {
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> "still runs: " + output());
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
