// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.compare.Figure.Wanted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The burst path of net_igb and the C loop beside it, in turn, on the same rings in memory. */
final class IgbComparison {
    private static final int HEADLINE_BURST = 32;
    private static final int[] BURSTS = {4, HEADLINE_BURST, 64};
    private static final double REACH = 1.15;
    private static final int ITERATIONS = 15;
    private static final int GRACE_SECONDS = 120;

    /** JMH itself allocates a few kilobytes an iteration, which is less than this a packet. */
    private static final double JMH_BYTES = 0.01;

    private final int rounds;
    private final double seconds;
    private final Consumer<String> progress;
    private final Map<Integer, Figure> times = new TreeMap<>();
    private final Figure allocated =
            new Figure("allocated, burst 32", "B/packet", Wanted.AT_MOST_ITSELF, JMH_BYTES);

    IgbComparison(int rounds, double seconds, Consumer<String> progress) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.progress = progress;
        for (int burst : BURSTS) {
            String work = "receive, touch, send, burst " + burst;
            times.put(burst, new Figure(work, "ns/packet", Wanted.AT_MOST, REACH));
        }
    }

    /** All figures in the order of the table; the C loop is the peer. */
    List<Figure> figures() {
        List<Figure> all = new ArrayList<>(times.values());
        all.add(allocated);
        return all;
    }

    /** Runs all rounds; every second one in the opposite order. */
    void run() throws Exception {
        Path loop = Reference.program("igbloop");
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<Integer, Figure> entry : times.entrySet()) {
                int burst = entry.getKey();
                Figure figure = entry.getValue();
                if (round % 2 == 1) {
                    figure.peer().add(loop(loop, burst));
                }
                figure.vpmd().add(vpmd(burst));
                if (round % 2 == 0) {
                    figure.peer().add(loop(loop, burst));
                }
                progress.accept(
                        "round "
                                + round
                                + " of "
                                + rounds
                                + ", burst "
                                + burst
                                + ", so far: C loop "
                                + Figure.number(figure.peer().median())
                                + " ns, vpmd "
                                + Figure.number(figure.vpmd().median())
                                + " ns");
            }
        }
    }

    private double loop(Path program, int burst) throws Exception {
        Shell.Result result =
                Shell.run(
                        (int) seconds + GRACE_SECONDS,
                        List.of(program.toString(), "" + burst, "" + seconds));
        if (result.exit() != 0) {
            throw new RunException("igbloop failed: " + Shell.lastLine(result.output()));
        }
        return Outputs.number("nanosPerPacket", Shell.lastLine(result.output()));
    }

    /** One fork of JMH, whose iterations are short so that the median is of many. */
    private double vpmd(int burst) throws IOException, InterruptedException {
        Path json = Files.createTempFile("compare", ".json");
        try {
            // JMH takes whole numbers.
            long millis = Math.max(1, Math.round(seconds * 1_000 / ITERATIONS));
            List<String> command = new ArrayList<>(Installation.jmh());
            command.addAll(List.of("IgbBenchmark", "-p", "burst=" + burst));
            command.addAll(List.of("-f", "1", "-wi", "4", "-w", "1"));
            command.addAll(List.of("-i", "" + ITERATIONS, "-r", millis + "ms"));
            // The collector that the launcher has.
            command.addAll(List.of("-jvmArgsAppend", "-XX:+UseParallelGC", "-prof", "gc"));
            command.addAll(List.of("-rf", "json", "-rff", json.toString()));
            Shell.Result result = Shell.run((int) seconds + GRACE_SECONDS, command);
            if (result.exit() != 0) {
                throw new RunException("JMH failed: " + Shell.lastLine(result.output()));
            }
            String text = Files.readString(json);
            if (burst == HEADLINE_BURST) {
                allocated.vpmd().add(Outputs.jmhAllocation(text));
            }
            return Outputs.jmhMedian(text);
        } finally {
            Files.deleteIfExists(json);
        }
    }
}
