// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.util.ArrayList;
import java.util.List;

/** TCP and ping from one namespace to the other, through two interfaces and one thread. */
final class Crossing {
    private static final String FIRST = "cmp0";
    private static final String SECOND = "cmp1";
    private static final int PINGS = 300;
    private static final String PING_INTERVAL_SECONDS = "0.005";
    private static final int TRIES = 50;
    private static final int GRACE_SECONDS = 15;

    /**
     * A measurement.
     *
     * @param gbitPerSecond NaN when there is no iperf3
     * @param pingMicros average round trip
     */
    record Result(double gbitPerSecond, double pingMicros) {}

    private Crossing() {}

    /** Lets a peer forward for a while. */
    static Result measure(Cleanup cleanup, Bed bed, Peer peer, double seconds, boolean iperf)
            throws Exception {
        try (Running running =
                Running.start(cleanup, peer, bed.first(), peer.forward(FIRST, SECOND))) {
            running.awaitReady();
            bed.connect(FIRST, SECOND);
            awaitPath(bed, peer);
            double rate = iperf ? tcp(cleanup, bed, seconds) : Double.NaN;
            return new Result(rate, ping(bed));
        }
    }

    private static void awaitPath(Bed bed, Peer peer) throws Exception {
        for (int i = 0; i < TRIES; i++) {
            if (Shell.run(5, inside(bed.first(), pings(1))).exit() == 0) {
                return;
            }
        }
        throw new RunException("no ping came through " + peer.name());
    }

    private static List<String> pings(int count) {
        List<String> command = new ArrayList<>(List.of("ping", "-q", "-n", "-W", "1"));
        command.addAll(List.of("-i", PING_INTERVAL_SECONDS, "-c", "" + count));
        command.add(Bed.SECOND_ADDRESS);
        return command;
    }

    private static List<String> inside(String namespace, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    private static double tcp(Cleanup cleanup, Bed bed, double seconds) throws Exception {
        List<Process> servers = new ArrayList<>();
        List<String> serve = List.of("iperf3", "--server", "--one-off");
        ProcessBuilder server =
                new ProcessBuilder(inside(bed.second(), serve))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        cleanup.begin(
                () -> servers.add(server.start()), () -> servers.forEach(Process::destroyForcibly));
        try {
            Thread.sleep(300);
            int time = (int) Math.ceil(seconds);
            List<String> send =
                    List.of(
                            "iperf3",
                            "--client",
                            Bed.SECOND_ADDRESS,
                            "--time",
                            "" + time,
                            "--omit",
                            "2",
                            "--json");
            Shell.Result result = Shell.run(time + GRACE_SECONDS, inside(bed.first(), send));
            return Outputs.iperfGbitPerSecond(result.output());
        } finally {
            servers.getFirst().destroyForcibly().waitFor();
        }
    }

    private static double ping(Bed bed) throws Exception {
        Shell.Result result = Shell.run(GRACE_SECONDS, inside(bed.first(), pings(PINGS)));
        return Outputs.pingMicros(result.output());
    }
}
