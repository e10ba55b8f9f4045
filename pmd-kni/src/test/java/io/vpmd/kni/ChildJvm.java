// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another JVM on this one's class path: lines go in, lines come out. */
public final class ChildJvm implements AutoCloseable {
    private static final long LINE_TIMEOUT_SECONDS = 20;

    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildJvm(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().start(this::read);
    }

    public static ChildJvm start(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException _) {
            // The child was killed; whoever waits for a line says so.
        }
    }

    public long pid() {
        return process.pid();
    }

    /** Tells the child something. */
    public void say(String line) {
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line that begins so, and drops those before it. */
    public String await(String beginning) {
        List<String> others = new ArrayList<>();
        try {
            while (true) {
                String line = lines.poll(LINE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                if (line == null) {
                    throw new AssertionError("no \"" + beginning + "\" from the child: " + others);
                }
                if (line.startsWith(beginning)) {
                    return line;
                }
                others.add(line);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether such a line has come up to now; drops all lines. */
    public boolean said(String beginning) {
        List<String> all = new ArrayList<>();
        lines.drainTo(all);
        return all.stream().anyMatch(l -> l.startsWith(beginning));
    }

    /** Sends a signal by name, for example {@code STOP}. */
    public void signal(String name) {
        TestNamespace.run("kill", "-" + name, Long.toString(pid()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(LINE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
