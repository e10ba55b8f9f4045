// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.jmh.NicBenchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One fork of JMH on the burst path of a driver.
 *
 * @param nanos per packet: the median of batches, as the loops in C tell it
 * @param allocatedBytes per packet, of the thread that bursts
 */
record JmhRun(double nanos, double allocatedBytes) {
    private static final int GRACE_SECONDS = 120;
    private static final int ITERATIONS = 5;
    private static final double PACKETS = NicBenchmark.BATCH * (double) NicBenchmark.ROUND;

    /**
     * Measures.
     *
     * @param benchmark name of the class
     */
    static JmhRun of(
            Class<? extends NicBenchmark> benchmark, int burst, Enum<?> offloads, double seconds)
            throws IOException, InterruptedException {
        Path json = Files.createTempFile("compare", ".json");
        try {
            // JMH takes whole numbers.
            long millis = Math.max(1, Math.round(seconds * 1_000 / ITERATIONS));
            List<String> command = new ArrayList<>(Installation.jmh());
            command.add(benchmark.getName() + ".batch$");
            command.addAll(List.of("-p", "burst=" + burst, "-p", "offloads=" + offloads.name()));
            command.addAll(List.of("-bm", "sample", "-f", "1", "-wi", "4", "-w", "1"));
            command.addAll(List.of("-i", "" + ITERATIONS, "-r", millis + "ms"));
            // The collector that the launcher has.
            command.addAll(List.of("-jvmArgsAppend", "-XX:+UseParallelGC"));
            command.addAll(List.of("-rf", "json", "-rff", json.toString()));
            Shell.Result result = Shell.run((int) seconds + GRACE_SECONDS, command);
            if (result.exit() != 0) {
                throw new RunException("JMH failed: " + Shell.lastLine(result.output()));
            }
            String text = Files.readString(json);
            if (!text.contains("scorePercentiles")) {
                // JMH ends well also when the benchmark has thrown.
                throw new RunException("the benchmark failed: " + cause(result.output()));
            }
            return new JmhRun(
                    Outputs.jmhMedian(text) / PACKETS,
                    Outputs.number("allocatedBytesPerPacket", result.output()));
        } finally {
            Files.deleteIfExists(json);
        }
    }

    private static String cause(String output) {
        return output.lines()
                .filter(line -> line.contains("Exception: ") || line.contains("Error: "))
                .findFirst()
                .orElse(Shell.lastLine(output));
    }
}
