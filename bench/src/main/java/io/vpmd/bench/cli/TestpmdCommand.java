// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.Cores;
import io.vpmd.bench.app.EndRequest;
import io.vpmd.bench.app.ForwardMode;
import io.vpmd.bench.app.Testpmd;
import io.vpmd.bench.app.TxPackets;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.app.WaitMode;
import io.vpmd.spi.PortStats;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code vpmd testpmd}. */
@Command(
        name = "testpmd",
        description =
                "Forwards packets between ports pairwise (0-1, 2-3; a last one to itself) and"
                        + " counts them. Ends after --seconds or --packets, or with Ctrl-C.",
        footer = {
            "For example, what the kernel sends into vEth0 comes out of vEth1 and back:",
            "  sudo vpmd testpmd --port net_kni:vEth0 --port net_kni:vEth1",
            "How fast a ring turns: vpmd testpmd --port ring --tx-first 1 --seconds 2"
        })
final class TestpmdCommand extends BenchCommand {
    private static final long PACKETS_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    @Option(
            names = "--port",
            paramLabel = "SPEC",
            required = true,
            description = "A port, such as net_kni:vEth0 or ring; vpmd ports lists drivers.")
    private List<String> specs = new ArrayList<>();

    @Option(
            names = "--forward-mode",
            paramLabel = "MODE",
            defaultValue = "io",
            description =
                    "io, mac, macswap, rxonly, txonly or icmpecho (default ${DEFAULT-VALUE}).")
    private ForwardMode mode = ForwardMode.IO;

    @Option(
            names = "--burst",
            paramLabel = "N",
            defaultValue = "32",
            description = "Packets at a time, 1 to 512 (default ${DEFAULT-VALUE}).")
    private int burst;

    @Option(
            names = "--txpkts",
            paramLabel = "N[,N]",
            defaultValue = "64",
            description =
                    "Bytes of the packets that txonly makes, or of their segments (default"
                            + " ${DEFAULT-VALUE}).")
    private String txpkts = "64";

    @Option(
            names = "--tx-first",
            paramLabel = "N",
            defaultValue = "0",
            description = "Send N bursts of such packets first, for ports that loop back.")
    private int txFirst;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "End after S seconds (default: run until Ctrl-C).")
    private @Nullable Double seconds;

    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "End when N packets were received.")
    private @Nullable Long packets;

    @Option(
            names = "--stats-period",
            paramLabel = "S",
            defaultValue = "0",
            description = "Print counters and rates every S seconds.")
    private double statsPeriod;

    @Option(
            names = "--wait",
            paramLabel = "MODE",
            defaultValue = "adaptive",
            description = "poll or adaptive: sleep when idle (default ${DEFAULT-VALUE}).")
    private WaitMode wait = WaitMode.ADAPTIVE;

    @Option(
            names = "--nb-cores",
            paramLabel = "N",
            defaultValue = "1",
            description = "Forwarding threads; at most one a port (default ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--cores",
            paramLabel = "LIST",
            description = "Cores that the forwarding threads are pinned to, such as 0,2-3.")
    private @Nullable String cores;

    @Option(
            names = "--total-num-mbufs",
            paramLabel = "N",
            defaultValue = "0",
            description = "Buffers in the pool (default: 8192 for each two ports).")
    private int buffers;

    @Option(names = "--json", description = "Print one line of JSON at the end, nothing else.")
    private boolean json;

    @Override
    public Integer call() {
        EndRequest end = new EndRequest();
        Signals.handle("INT", end::end);
        Signals.handle("TERM", end::end);
        try (Testpmd run = new Testpmd(plan(), end)) {
            run.start();
            if (!json) {
                out().printf(
                                "%s packet forwarding, %d port(s), %d packets a burst, wait %s%n",
                                mode, specs.size(), burst, wait.name().toLowerCase(Locale.ROOT));
            }
            long started = System.nanoTime();
            TestpmdReport report = new TestpmdReport(specs);
            follow(run, end, started, report);
            run.stop();
            end.rethrow();
            print(report.summary(since(started), stats(run)), since(started), run);
        }
        return ExitCode.OK;
    }

    private Testpmd.Plan plan() {
        checkRange("--burst", burst, 1, 512);
        checkRange("--nb-cores", threads, 1, 512);
        checkRange("--tx-first", txFirst, 0, 1024);
        checkPositive("--seconds", seconds);
        checkPositive("--packets", packets);
        List<Integer> list =
                cores == null ? List.of() : List.copyOf(Cores.parseList("--cores", cores));
        return new Testpmd.Plan(
                specs, mode, burst, TxPackets.parse(txpkts), txFirst, buffers, threads, list, wait);
    }

    private static void checkPositive(String option, @Nullable Number value) {
        if (value != null && value.doubleValue() <= 0) {
            throw new UsageException(option + " " + value + " is wrong; give more than 0");
        }
    }

    private static void checkRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new UsageException(
                    option + " " + value + " is not between " + min + " and " + max);
        }
    }

    private void follow(Testpmd run, EndRequest end, long started, TestpmdReport report) {
        long period = statsPeriod > 0 ? (long) (statsPeriod * 1e9) : Long.MAX_VALUE;
        long length = seconds == null ? Long.MAX_VALUE : (long) (seconds * 1e9);
        long nextReport = period;
        while (!end.requested() && !enough(run)) {
            long now = System.nanoTime() - started;
            if (now >= length) {
                return;
            }
            if (now >= nextReport) {
                print(report.periodic(now / 1e9, stats(run)), now / 1e9, run);
                nextReport += period;
            }
            long sleep = Math.min(length, nextReport) - now;
            end.await(packets == null ? sleep : Math.min(sleep, PACKETS_CHECK_NANOS));
        }
    }

    private boolean enough(Testpmd run) {
        Long limit = packets;
        return limit != null && stats(run).stream().mapToLong(PortStats::rxPackets).sum() >= limit;
    }

    private List<PortStats> stats(Testpmd run) {
        List<PortStats> stats = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            stats.add(run.stats(i));
        }
        return stats;
    }

    private void print(List<String> text, double elapsed, Testpmd run) {
        if (json) {
            out().println(TestpmdReport.json(elapsed, specs, stats(run)));
        } else {
            text.forEach(out()::println);
        }
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
