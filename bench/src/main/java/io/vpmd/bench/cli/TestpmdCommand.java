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

import picocli.CommandLine.ExitCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code vpmd testpmd}. */
final class TestpmdCommand extends BenchCommand {
    private static final long PACKETS_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Value<List<String>> specs =
            list(
                    String.class,
                    "--port",
                    "SPEC",
                    true,
                    "A port, such as net_kni:vEth0 or ring; vpmd ports lists drivers.");

    private final Value<ForwardMode> mode =
            value(
                    ForwardMode.class,
                    "--forward-mode",
                    "MODE",
                    "io",
                    "io, mac, macswap, rxonly, txonly or icmpecho (default io).");

    private final Value<Integer> burst =
            value(Integer.class, "--burst", "N", "32", "Packets at a time, 1 to 512 (default 32).");

    private final Value<String> txpkts =
            value(
                    String.class,
                    "--txpkts",
                    "N[,N]",
                    "64",
                    "Bytes of the packets that txonly makes, or of their segments (default"
                            + " 64).");

    private final Value<Integer> txFirst =
            value(
                    Integer.class,
                    "--tx-first",
                    "N",
                    "0",
                    "Send N bursts of such packets first, for ports that loop back.");

    private final Value<Double> seconds =
            optional(
                    Double.class,
                    "--seconds",
                    "S",
                    "End after S seconds (default: run until Ctrl-C).");

    private final Value<Long> packets =
            optional(Long.class, "--packets", "N", "End when N packets were received.");

    private final Value<Double> statsPeriod =
            value(
                    Double.class,
                    "--stats-period",
                    "S",
                    "0",
                    "Print counters and rates every S seconds.");

    private final Value<WaitMode> wait = waitMode();

    private final Value<Integer> threads =
            value(
                    Integer.class,
                    "--nb-cores",
                    "N",
                    "1",
                    "Forwarding threads; at most one a port (default 1).");

    private final Value<String> cores =
            optional(
                    String.class,
                    "--cores",
                    "LIST",
                    "Cores that the forwarding threads are pinned to, such as 0,2-3.");

    private final Value<Integer> buffers =
            value(
                    Integer.class,
                    "--total-num-mbufs",
                    "N",
                    "0",
                    "Buffers in the pool (default: 8192 for each two ports).");

    private final Value<Boolean> json =
            flag("--json", "Print one line of JSON at the end, nothing else.");

    TestpmdCommand() {
        super(
                "testpmd",
                "Forwards packets between ports pairwise (0-1, 2-3; a last one to itself) and"
                        + " counts them. Ends after --seconds or --packets, or with Ctrl-C.");
        footer(
                "For example, what the kernel sends into vEth0 comes out of vEth1 and back:",
                "  sudo vpmd testpmd --port net_kni:vEth0 --port net_kni:vEth1",
                "How fast a ring turns: vpmd testpmd --port ring --tx-first 1 --seconds 2");
    }

    @Override
    public Integer call() {
        Testpmd.Plan plan = plan();
        EndRequest end = new EndRequest();
        Signals.handle("INT", end::end);
        Signals.handle("TERM", end::end);
        try (Testpmd run = new Testpmd(plan, end)) {
            run.start();
            if (!json.get()) {
                out().println(banner());
            }
            long started = System.nanoTime();
            TestpmdReport report = new TestpmdReport(specs.get());
            follow(run, end, started, report);
            if (!json.get()) {
                out().println("Telling cores to stop...");
            }
            run.stop();
            end.rethrow();
            print(report.summary(since(started), stats(run)), since(started), run);
        }
        return ExitCode.OK;
    }

    /* Not by a format: the first use of one takes as long as all the rest of the start. */
    private String banner() {
        return mode.get()
                + " packet forwarding, "
                + specs.get().size()
                + " port(s), "
                + burst.get()
                + " packets a burst, wait "
                + wait.get().name().toLowerCase(Locale.ROOT);
    }

    private Testpmd.Plan plan() {
        checkRange("--burst", burst.get(), 1, 512);
        checkRange("--nb-cores", threads.get(), 1, 512);
        checkRange("--tx-first", txFirst.get(), 0, 1024);
        checkPositive("--seconds", seconds.orNull());
        checkPositive("--packets", packets.orNull());
        String given = cores.orNull();
        List<Integer> list =
                given == null ? List.of() : List.copyOf(Cores.parseList("--cores", given));
        return new Testpmd.Plan(
                specs.get(),
                mode.get(),
                burst.get(),
                TxPackets.parse(txpkts.get()),
                txFirst.get(),
                buffers.get(),
                threads.get(),
                list,
                wait.get());
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
        Double limit = seconds.orNull();
        double every = statsPeriod.get();
        long period = every > 0 ? (long) (every * 1e9) : Long.MAX_VALUE;
        long length = limit == null ? Long.MAX_VALUE : (long) (limit * 1e9);
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
            end.await(packets.orNull() == null ? sleep : Math.min(sleep, PACKETS_CHECK_NANOS));
        }
    }

    private boolean enough(Testpmd run) {
        Long limit = packets.orNull();
        return limit != null && stats(run).stream().mapToLong(PortStats::rxPackets).sum() >= limit;
    }

    private List<PortStats> stats(Testpmd run) {
        List<PortStats> stats = new ArrayList<>();
        for (int i = 0; i < specs.get().size(); i++) {
            stats.add(run.stats(i));
        }
        return stats;
    }

    private void print(List<String> text, double elapsed, Testpmd run) {
        if (json.get()) {
            out().println(TestpmdReport.json(elapsed, specs.get(), stats(run)));
        } else {
            text.forEach(out()::println);
        }
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
