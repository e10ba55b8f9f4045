// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of the system's own ping.
 *
 * @param command what was run
 * @param summary its last lines
 * @param sent echo requests sent
 * @param received replies that came
 */
public record Ping(List<String> command, List<String> summary, int sent, int received) {
    private static final double INTERVAL_SECONDS = 0.2;
    private static final Pattern COUNTS =
            Pattern.compile("(\\d+) packets transmitted, (\\d+) (?:packets )?received");

    public Ping {
        command = List.copyOf(command);
        summary = List.copyOf(summary);
    }

    /**
     * Pings {@code address} five times a second.
     *
     * @throws RunException when there is no ping, or it does not end
     */
    public static Ping run(String address, double seconds, EndRequest end) {
        int count = (int) Math.max(1, Math.round(seconds / INTERVAL_SECONDS));
        // The deadline ends a ping whose vpmd was killed.
        int deadline = (int) Math.ceil(seconds) + 5;
        List<String> command =
                List.of(
                        "ping",
                        "-n",
                        "-q",
                        "-c",
                        String.valueOf(count),
                        "-i",
                        String.valueOf(INTERVAL_SECONDS),
                        "-w",
                        String.valueOf(deadline),
                        address);
        Process process = start(command);
        try {
            long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(deadline + 5L);
            while (process.isAlive() && System.nanoTime() < limit && !end.requested()) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
            if (process.isAlive() && !end.requested()) {
                throw new RunException("ping did not end in time");
            }
            // Its summary comes with SIGINT too; SIGTERM ends it without.
            if (process.isAlive()) {
                return parse(command, "");
            }
            return parse(command, output(process));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted while ping ran", e);
        } catch (IOException e) {
            throw new RunException("the output of ping could not be read: " + e.getMessage(), e);
        } finally {
            process.destroy();
        }
    }

    private static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new RunException("there is no ping to run; install it (package iputils-ping)", e);
        }
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Reads what ping printed. */
    static Ping parse(List<String> command, String output) {
        List<String> lines = output.lines().filter(l -> !l.isBlank()).toList();
        Matcher counts = COUNTS.matcher(output);
        boolean counted = counts.find();
        int from = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("---")) {
                from = i;
            }
        }
        return new Ping(
                command,
                lines.subList(from, lines.size()),
                counted ? Integer.parseInt(counts.group(1)) : 0,
                counted ? Integer.parseInt(counts.group(2)) : 0);
    }

    /** Whether at least one request was sent and every one answered. */
    public boolean lossless() {
        return sent > 0 && received == sent;
    }
}
