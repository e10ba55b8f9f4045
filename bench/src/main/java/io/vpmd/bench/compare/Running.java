// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A peer at work in a namespace. */
final class Running implements AutoCloseable {
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP_MILLIS = 20;
    private static final int UTIME = 11;
    private static final long TICK_NANOS = 10_000_000;
    private static final int STOP_SECONDS = 5;

    private final String name;
    private final String ready;
    private final Path log;
    private final Process process;

    private Running(String name, String ready, Path log, Process process) {
        this.name = name;
        this.ready = ready;
        this.log = log;
        this.process = process;
    }

    /** Starts a command of {@code peer} in {@code namespace}. */
    static Running start(Cleanup cleanup, Peer peer, String namespace, List<String> command)
            throws Exception {
        return start(cleanup, peer.name(), peer.ready(), namespace, command);
    }

    /** Starts a command whose output has {@code ready} in it once it moves packets. */
    static Running start(
            Cleanup cleanup, String name, String ready, String namespace, List<String> command)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        List<Running> started = new ArrayList<>();
        cleanup.begin(
                () -> started.add(launch(name, ready, all)), () -> started.forEach(Running::close));
        return started.getFirst();
    }

    private static Running launch(String name, String ready, List<String> command)
            throws IOException {
        Path log = Files.createTempFile("compare", ".log");
        // dpdk-testpmd ends when its standard input does, so the pipe stays open.
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        return new Running(name, ready, log, process);
    }

    /** Counters of the interfaces of the namespace that the peer lives in. */
    DevCounters counters() throws IOException {
        try {
            return DevCounters.parse(
                    Files.readString(Path.of("/proc", "" + process.pid(), "net", "dev")));
        } catch (IOException e) {
            throw gone();
        }
    }

    /** Nanoseconds on a processor of the thread that used most. */
    long busiestThreadNanos() throws IOException {
        long most = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc", "" + process.pid(), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("schedstat"));
                most = Math.max(most, Long.parseLong(stat.split(" ", 2)[0]));
            }
        }
        return most;
    }

    /** Nanoseconds on a processor of all threads. */
    long cpuNanos() throws IOException {
        String[] stat =
                Files.readString(Path.of("/proc", "" + process.pid(), "stat"))
                        .replaceFirst("^.*\\) ", "")
                        .split(" ", -1);
        return (Long.parseLong(stat[UTIME]) + Long.parseLong(stat[UTIME + 1])) * TICK_NANOS;
    }

    /** Waits until the peer moves packets; before that, it would miss that an interface moves. */
    void awaitReady() throws IOException, InterruptedException {
        long started = System.nanoTime();
        while (!Files.readString(log).contains(ready)) {
            if (!process.isAlive()) {
                throw gone();
            }
            if (System.nanoTime() - started > START_NANOS) {
                throw new RunException(name + " did not start in time");
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    private RunException gone() throws IOException {
        String output = Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        return new RunException(name + " ended: " + Shell.lastLine(output));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new RunException("cannot delete " + log + ": " + e.getMessage());
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
