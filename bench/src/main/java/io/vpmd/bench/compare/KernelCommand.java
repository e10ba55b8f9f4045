// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.BenchCommand;
import io.vpmd.bench.cli.Json;
import io.vpmd.bench.cli.TextTable;
import io.vpmd.spi.sys.Libc;

import picocli.CommandLine.ExitCode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code compare kernel}. */
final class KernelCommand extends BenchCommand {
    private static final long SYS_GETEUID = 107;

    private final Value<Integer> rounds =
            value(Integer.class, "--rounds", "N", "5", "Measurements of each (default 5).");

    private final Value<Double> seconds =
            value(Double.class, "--seconds", "S", "2", "Length of each (default 2).");

    private final Value<List<KernelComparison.Work>> only =
            list(
                    KernelComparison.Work.class,
                    "--only",
                    "WORK",
                    false,
                    "Only tx, cross, launch, idle or allocation; may be repeated.");

    private final Value<Boolean> json =
            flag("--json", "Print one line of JSON instead of the table.");

    KernelCommand() {
        super(
                "kernel",
                "Compares net_kni on TAP with dpdk-testpmd's net_tap and with a bare C loop: frames"
                        + " to",
                "the kernel, TCP and ping between two namespaces through one forwarding thread,"
                        + " start",
                "of the program; and what vpmd uses while idle, and what it allocates. All of them"
                        + " in",
                "turn, the median counts. Needs root, two cores, gcc; dpdk-testpmd and iperf3"
                        + " where",
                "there. All that it makes (namespaces, interfaces, huge pages for DPDK) is gone at"
                        + " the",
                "end.");
    }

    @Override
    public Integer call() throws Exception {
        check();
        try (Cleanup cleanup = new Cleanup()) {
            KernelComparison comparison =
                    new KernelComparison(cleanup, rounds.get(), seconds.get(), this::tell);
            List<KernelComparison.Work> works =
                    only.orNull() == null ? List.of(KernelComparison.Work.values()) : only.get();
            comparison.prepare(works);
            comparison.run(works);
            print(comparison);
        }
        return ExitCode.OK;
    }

    private void check() {
        int rounds = this.rounds.get();
        double seconds = this.seconds.get();
        if (rounds < 1 || rounds > 1000) {
            throw new UsageException("--rounds " + rounds + " is not between 1 and 1000");
        }
        if (!(seconds >= 0.1 && seconds <= 3600)) {
            throw new UsageException("--seconds " + seconds + " is not between 0.1 and 3600");
        }
        if (Libc.syscall(SYS_GETEUID, 0, 0, 0) != 0) {
            throw new RunException(
                    "compare kernel makes interfaces and network namespaces; run it as root");
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new RunException("compare kernel needs two cores; this machine has one");
        }
        for (String program : List.of("ip", "ping", "taskset", "stdbuf", "sysctl", "gcc")) {
            if (Installation.program(program).isEmpty()) {
                throw new RunException("there is no " + program + "; install it (see README)");
            }
        }
    }

    private void tell(String line) {
        err().println(line);
        err().flush();
    }

    private void print(KernelComparison comparison) {
        if (json.get()) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("rounds", rounds.get());
            all.put("seconds", seconds.get());
            all.put("figures", comparison.figures().stream().map(Figure::json).toList());
            all.put("skipped", comparison.skipped());
            out().println(Json.of(all));
            return;
        }
        TextTable table = new TextTable("");
        table.row("work", "unit", "DPDK", "C loop", "vpmd", "vpmd/DPDK", "wanted", "reached");
        comparison.figures().stream()
                .filter(figure -> !Double.isNaN(figure.vpmd().median()))
                .forEach(figure -> table.row(figure.cells()));
        table.lines().forEach(out()::println);
        comparison.skipped().forEach(reason -> out().println("skipped: " + reason));
    }
}
