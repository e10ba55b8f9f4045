// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.nio.file.Path;
import java.util.List;

/** The KNI application while nobody talks: what it uses, and how fast it is back. */
final class Idle {
    private static final String IFACE = "vEth0";
    private static final long IDLE_MILLIS = 10_000;
    private static final long WARM_UP_MILLIS = 3000;
    private static final int PING_SECONDS = 5;

    /**
     * A measurement.
     *
     * @param percent processor time while idle, of one core
     * @param firstPingMillis round trip of the first ping after that
     */
    record Result(double percent, double firstPingMillis) {}

    private Idle() {}

    /** Lets the application rest for ten seconds and pings the host behind it once. */
    static Result measure(Cleanup cleanup, Bed bed, Path launcher) throws Exception {
        List<String> command =
                List.of(
                        launcher.toString(),
                        "kni",
                        "--port",
                        "net_echo:0,ip=" + Bed.SECOND_ADDRESS,
                        "-p",
                        "0x1",
                        "--config",
                        "(0,0,1)");
        try (Running kni =
                Running.start(cleanup, "kni", "Zero KNI Statistics", bed.first(), command)) {
            kni.awaitReady();
            bed.address(IFACE);
            // The neighbour entry of a second ping would hide a lost first one.
            ping(bed);
            Thread.sleep(WARM_UP_MILLIS);
            long cpu = kni.cpuNanos();
            Thread.sleep(IDLE_MILLIS);
            cpu = kni.cpuNanos() - cpu;
            return new Result(cpu * 1e-4 / IDLE_MILLIS, ping(bed) / 1000);
        }
    }

    private static double ping(Bed bed) throws Exception {
        Shell.Result result =
                Shell.run(
                        PING_SECONDS,
                        List.of(
                                "ip",
                                "netns",
                                "exec",
                                bed.first(),
                                "ping",
                                "-n",
                                "-c",
                                "1",
                                "-W",
                                "1",
                                Bed.SECOND_ADDRESS));
        if (result.exit() != 0) {
            throw new RunException("kni did not answer a ping: " + Shell.lastLine(result.output()));
        }
        return Outputs.pingMicros(result.output());
    }
}
