// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.compare.DpdkNic.Way;
import io.vpmd.bench.compare.Figure.Wanted;
import io.vpmd.bench.jmh.IxgbeBenchmark;
import io.vpmd.bench.jmh.NicBenchmark.Offloads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The burst path of net_ixgbe beside DPDK's ixgbe and C loops, in turn, on one stub. */
final class NicComparison {
    /** Who moves packets. */
    enum Side {
        DPDK_VECTOR("DPDK, vector"),
        DPDK_SIMPLE("DPDK, simple"),
        DPDK_FULL("DPDK, full"),
        DPDK_CHECKSUM("DPDK, full, checksums"),
        C_VECTOR("C, AVX2"),
        C_SCALAR("C, scalar"),
        VPMD("vpmd"),
        VPMD_REQUESTED("vpmd, offloads requested"),
        VPMD_CHECKSUM("vpmd, checksums");

        private final String text;

        Side(String text) {
            this.text = text;
        }
    }

    /** Measures once. */
    private interface Measurement {
        double nanos() throws IOException, InterruptedException;
    }

    private static final double REACH_VECTOR = 1.0;
    private static final double REACH_FULL = 0.8;
    private static final double REACH_SCALAR = 1.15;

    private final int burst;
    private final int rounds;
    private final double seconds;
    private final Consumer<String> progress;
    private final Map<Side, Measurement> measurements = new TreeMap<>();
    private final Map<Side, Samples> samples = new TreeMap<>();
    private final Samples allocated = new Samples();
    private final List<String> skipped = new ArrayList<>();

    NicComparison(int burst, int rounds, double seconds, Consumer<String> progress) {
        this.burst = burst;
        this.rounds = rounds;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** What could not be measured, and why. */
    List<String> skipped() {
        return Collections.unmodifiableList(skipped);
    }

    /** What one side has reached so far, nanoseconds a packet. */
    Samples samples(Side side) {
        return samples.computeIfAbsent(side, s -> new Samples());
    }

    /** Notes that a part cannot be measured. */
    void skip(String part, String reason) {
        skipped.add(part + ": " + reason);
    }

    /** Compiles what is in C, and notes what is missing. */
    void prepare(Cleanup cleanup) throws Exception {
        try {
            progress.accept("the source of DPDK is fetched and unpacked where it is not there yet");
            DpdkNic dpdk = DpdkNic.prepare(cleanup);
            measurements.put(Side.DPDK_VECTOR, () -> dpdk.nanos(Way.VECTOR, burst, seconds));
            measurements.put(Side.DPDK_SIMPLE, () -> dpdk.nanos(Way.SIMPLE, burst, seconds));
            measurements.put(Side.DPDK_FULL, () -> dpdk.nanos(Way.FULL, burst, seconds));
            measurements.put(Side.DPDK_CHECKSUM, () -> dpdk.nanos(Way.CHECKSUM, burst, seconds));
        } catch (RunException e) {
            skip("DPDK", String.valueOf(e.getMessage()));
        }
        if (Files.readString(Path.of("/proc/cpuinfo")).contains(" avx2 ")) {
            Path vector = Reference.program("nicvector");
            measurements.put(Side.C_VECTOR, () -> Reference.nanos(vector, burst, seconds));
        } else {
            skip("C, AVX2", "this processor has no AVX2");
        }
        Path scalar = Reference.program("nicscalar");
        measurements.put(Side.C_SCALAR, () -> Reference.nanos(scalar, burst, seconds));
        measurements.put(
                Side.VPMD,
                () -> {
                    JmhRun run = vpmd(Offloads.NONE);
                    allocated.add(run.allocatedBytes());
                    return run.nanos();
                });
        measurements.put(Side.VPMD_REQUESTED, () -> vpmd(Offloads.REQUESTED).nanos());
        measurements.put(Side.VPMD_CHECKSUM, () -> vpmd(Offloads.EACH_PACKET).nanos());
    }

    private JmhRun vpmd(Offloads offloads) throws IOException, InterruptedException {
        return JmhRun.of(IxgbeBenchmark.class, burst, offloads, seconds);
    }

    /** Runs all rounds; every second one in the opposite order. */
    void run() throws IOException, InterruptedException {
        List<Map.Entry<Side, Measurement>> order = new ArrayList<>(measurements.entrySet());
        for (int round = 1; round <= rounds; round++) {
            progress.accept("round " + round + " of " + rounds);
            for (Map.Entry<Side, Measurement> entry : order) {
                Side side = entry.getKey();
                samples(side).add(entry.getValue().nanos());
                progress.accept(
                        "  " + side.text + " " + Figure.number(samples(side).median()) + " ns");
            }
            Collections.reverse(order);
        }
    }

    /** All figures in the order of the table; the peer is the other side. */
    List<Figure> figures() {
        List<Figure> all = new ArrayList<>();
        all.add(beside(Side.DPDK_VECTOR, Side.VPMD, Wanted.AT_MOST, REACH_VECTOR));
        all.add(beside(Side.DPDK_SIMPLE, Side.VPMD, Wanted.NOTHING, 0));
        all.add(beside(Side.DPDK_FULL, Side.VPMD_REQUESTED, Wanted.AT_MOST, REACH_FULL));
        all.add(beside(Side.DPDK_CHECKSUM, Side.VPMD_CHECKSUM, Wanted.AT_MOST, REACH_FULL));
        all.add(beside(Side.C_VECTOR, Side.VPMD, Wanted.NOTHING, 0));
        all.add(beside(Side.C_SCALAR, Side.VPMD, Wanted.AT_MOST, REACH_SCALAR));
        Figure bytes = new Figure("allocated", "B/packet", Wanted.AT_MOST_ITSELF, 0);
        allocated.values().forEach(bytes.vpmd()::add);
        all.add(bytes);
        return all;
    }

    private Figure beside(Side peer, Side ours, Wanted wanted, double limit) {
        Figure figure = new Figure("beside " + peer.text, "ns/packet", wanted, limit);
        samples(peer).values().forEach(figure.peer()::add);
        samples(ours).values().forEach(figure.vpmd()::add);
        return figure;
    }
}
