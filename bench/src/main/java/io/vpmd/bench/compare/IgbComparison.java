// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.compare.Figure.Wanted;
import io.vpmd.bench.jmh.IgbBenchmark;
import io.vpmd.bench.jmh.NicBenchmark.Offloads;

import java.io.IOException;
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

    private final int rounds;
    private final double seconds;
    private final Consumer<String> progress;
    private final Map<Integer, Figure> times = new TreeMap<>();
    private final Figure allocated =
            new Figure("allocated, burst 32", "B/packet", Wanted.AT_MOST_ITSELF, 0);

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
        Path loop = Reference.program("nicscalar");
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<Integer, Figure> entry : times.entrySet()) {
                int burst = entry.getKey();
                Figure figure = entry.getValue();
                if (round % 2 == 1) {
                    figure.peer().add(Reference.nanos(loop, burst, seconds));
                }
                figure.vpmd().add(vpmd(burst));
                if (round % 2 == 0) {
                    figure.peer().add(Reference.nanos(loop, burst, seconds));
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

    private double vpmd(int burst) throws IOException, InterruptedException {
        JmhRun run = JmhRun.of(IgbBenchmark.class, burst, Offloads.NONE, seconds);
        if (burst == HEADLINE_BURST) {
            allocated.vpmd().add(run.allocatedBytes());
        }
        return run.nanos();
    }
}
