// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.compare.Figure.Wanted;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** All rounds of {@code compare kernel} and what they gave. */
final class KernelComparison {
    /** The parts of the comparison. */
    enum Work {
        TX,
        CROSS,
        LAUNCH,
        IDLE,
        ALLOCATION
    }

    private static final int HUGE_PAGES = 512;
    private static final int LEAST_HUGE_PAGES = 128;
    private static final String POLL = "poll";
    private static final String ADAPTIVE = "adaptive";

    private final Figure mpps =
            new Figure("64 B to the kernel, poll", "Mpps", Wanted.AT_LEAST, 1.25);
    private final Figure cpu =
            new Figure("the same, CPU time a packet", "ns", Wanted.AT_MOST, 1 / 1.25);
    private final Figure tcpPoll = new Figure("TCP across, poll", "Gbit/s", Wanted.AT_LEAST, 10);
    private final Figure tcpAdaptive =
            new Figure("TCP across, adaptive", "Gbit/s", Wanted.AT_LEAST, 10);
    private final Figure pingPoll = new Figure("ping across, poll", "us", Wanted.AT_MOST, 0.4);
    private final Figure pingAdaptive =
            new Figure("ping across, adaptive", "us", Wanted.AT_MOST, 0.4);
    private final Figure launch =
            new Figure("launch to first packet, net_ring", "ms", Wanted.AT_MOST, 1);
    private final Figure idle =
            new Figure("kni idle, adaptive", "% of a core", Wanted.AT_MOST_ITSELF, 1);
    private final Figure firstPing =
            new Figure("first ping after 10 s", "ms", Wanted.AT_MOST_ITSELF, 5);
    private final Figure parallel =
            new Figure("allocated, Parallel", "B/packet", Wanted.AT_MOST_ITSELF, 0);
    private final Figure g1 = new Figure("allocated, G1", "B/packet", Wanted.AT_MOST_ITSELF, 0);

    private final Cleanup cleanup;
    private final int rounds;
    private final double seconds;
    private final Consumer<String> progress;
    private final List<String> skipped = new ArrayList<>();
    private final Optional<Path> testpmd = Installation.program("dpdk-testpmd");
    private final boolean iperf = Installation.program("iperf3").isPresent();
    private final Path launcher = Installation.launcher();

    KernelComparison(Cleanup cleanup, int rounds, double seconds, Consumer<String> progress) {
        this.cleanup = cleanup;
        this.rounds = rounds;
        this.seconds = seconds;
        this.progress = progress;
    }

    /** All figures in the order of the table. */
    List<Figure> figures() {
        return List.of(
                mpps,
                cpu,
                tcpPoll,
                tcpAdaptive,
                pingPoll,
                pingAdaptive,
                launch,
                idle,
                firstPing,
                parallel,
                g1);
    }

    /** What could not be measured, and why. */
    List<String> skipped() {
        return Collections.unmodifiableList(skipped);
    }

    /** Makes what peers need, and notes what is missing. */
    void prepare(List<Work> works) throws Exception {
        boolean withDpdk =
                works.stream().anyMatch(work -> work != Work.ALLOCATION && work != Work.IDLE);
        if (testpmd.isEmpty()) {
            skipped.add("DPDK: there is no dpdk-testpmd; install the package dpdk");
        } else if (withDpdk) {
            HugePages.reserve(cleanup, HUGE_PAGES, LEAST_HUGE_PAGES);
        }
        if (!iperf) {
            skipped.add("TCP: there is no iperf3; install the package iperf3");
        }
    }

    /** Runs all rounds; every second one in the opposite order. */
    void run(List<Work> works) throws Exception {
        Bed bed = Bed.make(cleanup);
        Path loop = Reference.program("taploop");
        for (int round = 1; round <= rounds; round++) {
            progress.accept("round " + round + " of " + rounds);
            List<Step> steps = new ArrayList<>();
            if (works.contains(Work.TX)) {
                addTransmit(steps, bed, loop);
            }
            if (works.contains(Work.CROSS)) {
                addCrossing(steps, bed, loop);
            }
            if (works.contains(Work.LAUNCH)) {
                addLaunch(steps);
            }
            if (works.contains(Work.IDLE)) {
                steps.add(() -> idle(bed));
            }
            for (Step step : round % 2 == 1 ? steps : steps.reversed()) {
                step.run();
            }
        }
        if (works.contains(Work.ALLOCATION)) {
            parallel.vpmd().add(Allocation.measure(bed, "Parallel", seconds));
            g1.vpmd().add(Allocation.measure(bed, "G1", seconds));
        }
    }

    /** One measurement of one program. */
    private interface Step {
        void run() throws Exception;
    }

    private void addTransmit(List<Step> steps, Bed bed, Path loop) {
        testpmd.ifPresent(
                path ->
                        steps.add(
                                () -> transmit(bed, new Peer.Dpdk(path), mpps.peer(), cpu.peer())));
        Peer reference = new Peer.Loop(loop, true);
        steps.add(() -> transmit(bed, reference, mpps.reference(), cpu.reference()));
        Peer vpmd = new Peer.Vpmd(launcher, POLL);
        steps.add(() -> transmit(bed, vpmd, mpps.vpmd(), cpu.vpmd()));
    }

    private void transmit(Bed bed, Peer peer, Samples rate, Samples time) throws Exception {
        UserToKernel.Rate result = UserToKernel.measure(cleanup, bed, peer, seconds);
        rate.add(result.mpps());
        time.add(result.cpuNanos());
        tell(
                peer,
                number(result.mpps()) + " Mpps, " + number(result.cpuNanos()) + " ns CPU a packet");
    }

    private void addCrossing(List<Step> steps, Bed bed, Path loop) {
        testpmd.ifPresent(path -> steps.add(() -> crossDpdk(bed, new Peer.Dpdk(path))));
        Peer spinning = new Peer.Loop(loop, true);
        Peer sleeping = new Peer.Loop(loop, false);
        Peer polling = new Peer.Vpmd(launcher, POLL);
        Peer adaptive = new Peer.Vpmd(launcher, ADAPTIVE);
        steps.add(() -> cross(bed, spinning, tcpPoll.reference(), pingPoll.reference()));
        steps.add(() -> cross(bed, polling, tcpPoll.vpmd(), pingPoll.vpmd()));
        steps.add(() -> cross(bed, sleeping, tcpAdaptive.reference(), pingAdaptive.reference()));
        steps.add(() -> cross(bed, adaptive, tcpAdaptive.vpmd(), pingAdaptive.vpmd()));
    }

    /** DPDK has one way to wait, which is what both of ours are held against. */
    private void crossDpdk(Bed bed, Peer peer) throws Exception {
        Crossing.Result result = cross(bed, peer, tcpPoll.peer(), pingPoll.peer());
        add(tcpAdaptive.peer(), result.gbitPerSecond());
        add(pingAdaptive.peer(), result.pingMicros());
    }

    private Crossing.Result cross(Bed bed, Peer peer, Samples rate, Samples time) throws Exception {
        Crossing.Result result = Crossing.measure(cleanup, bed, peer, seconds, iperf);
        add(rate, result.gbitPerSecond());
        add(time, result.pingMicros());
        tell(
                peer,
                number(result.gbitPerSecond())
                        + " Gbit/s, ping "
                        + number(result.pingMicros())
                        + " us");
        return result;
    }

    private static void add(Samples samples, double value) {
        if (!Double.isNaN(value)) {
            samples.add(value);
        }
    }

    private void addLaunch(List<Step> steps) {
        if (testpmd.isPresent()) {
            steps.add(() -> launch.peer().add(Launch.dpdk(cleanup, testpmd.get())));
        }
        steps.add(
                () -> {
                    launch.vpmd().add(Launch.vpmd(cleanup, launcher));
                    progress.accept(
                            "  launch, so far: DPDK "
                                    + number(launch.peer().median())
                                    + " ms, vpmd "
                                    + number(launch.vpmd().median())
                                    + " ms");
                });
    }

    private void idle(Bed bed) throws Exception {
        Idle.Result result = Idle.measure(cleanup, bed, launcher);
        idle.vpmd().add(result.percent());
        firstPing.vpmd().add(result.firstPingMillis());
        progress.accept(
                "  kni: idle "
                        + number(result.percent())
                        + " % of a core, then a ping in "
                        + number(result.firstPingMillis())
                        + " ms");
    }

    private void tell(Peer peer, String result) {
        progress.accept("  " + peer.name() + ": " + result);
    }

    private static String number(double value) {
        return Figure.number(value);
    }
}
