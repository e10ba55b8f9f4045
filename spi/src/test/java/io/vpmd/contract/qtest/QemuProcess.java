// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A QEMU with a folder for its sockets, and its monitor. It dies with this JVM, however that ends.
 */
public final class QemuProcess implements AutoCloseable {
    private static final long START_TIMEOUT_MILLIS = 20_000;
    private static final Path UNIX_SOCKETS = Path.of("/proc/net/unix");
    /* __SO_ACCEPTCON in its fourth column. */
    private static final String LISTENING = "00010000";
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final Path folder;
    private final Process process;
    private final QmpChannel monitor;

    private QemuProcess(Path folder, List<String> command) throws IOException {
        this.folder = folder;
        process = spawn(command);
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        try {
            awaitSocket("monitor");
            monitor = new QmpChannel(folder.resolve("monitor"));
        } catch (IOException | RuntimeException e) {
            IllegalStateException failed =
                    new IllegalStateException("QEMU did not start: " + said(), e);
            kill();
            throw failed;
        }
    }

    /**
     * Starts it.
     *
     * @param program as {@link Lab} finds it
     * @param arguments gives the arguments when it is told the folder
     */
    public static QemuProcess start(Path program, Function<Path, List<String>> arguments) {
        try {
            Path folder = Files.createTempDirectory("vpmd-qemu");
            List<String> command = new ArrayList<>();
            if (Files.isExecutable(SETPRIV)) {
                command.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL"));
            }
            command.add(program.toString());
            command.addAll(List.of("-display", "none", "-nodefaults"));
            command.addAll(
                    List.of("-qmp", "unix:" + folder.resolve("monitor") + ",server=on,wait=off"));
            command.addAll(arguments.apply(folder));
            return new QemuProcess(folder, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The kernel kills the process when the thread that started it ends: one that does nothing else
     * and ends with the process or the JVM.
     */
    private Process spawn(List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("qemu-keeper")
                .start(
                        () -> {
                            try {
                                Process made = builder.start();
                                started.complete(made);
                                made.waitFor();
                            } catch (IOException e) {
                                started.completeExceptionally(e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        try {
            return started.get(START_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("QEMU cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Where its sockets are. */
    public Path folder() {
        return folder;
    }

    /** Waits until QEMU listens on a socket of its folder: its file is there a moment before. */
    public Path awaitSocket(String name) {
        Path file = folder.resolve(name);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MILLIS);
        while (!listens(file)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("QEMU does not listen on " + name + ": " + said());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return file;
    }

    private static boolean listens(Path socket) {
        String end = " " + socket;
        try (Stream<String> sockets = Files.lines(UNIX_SOCKETS)) {
            return sockets.anyMatch(
                    line -> line.endsWith(end) && line.split(" +", 5)[3].equals(LISTENING));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public QmpChannel monitor() {
        return monitor;
    }

    /** What QEMU itself has printed. */
    public String said() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    public boolean running() {
        return process.isAlive();
    }

    private void kill() {
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It is in the temporary folder.
        }
    }

    @Override
    public void close() {
        monitor.close();
        kill();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
