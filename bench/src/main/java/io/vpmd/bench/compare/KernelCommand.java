// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.cli.TextTable;
import io.vpmd.spi.sys.Libc;

import java.util.List;
import java.util.Map;

/** {@code compare kernel}. */
final class KernelCommand extends ComparisonCommand {
    private static final long SYS_GETEUID = 107;

    private final Value<List<KernelComparison.Work>> only =
            list(
                    KernelComparison.Work.class,
                    "--only",
                    "WORK",
                    false,
                    "Only tx, cross, launch, idle or allocation; may be repeated.");

    KernelCommand() {
        super(
                "kernel",
                "2",
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
    void compare(int rounds, double seconds) throws Exception {
        check();
        try (Cleanup cleanup = new Cleanup()) {
            KernelComparison comparison =
                    new KernelComparison(cleanup, rounds, seconds, this::tell);
            List<KernelComparison.Work> works =
                    only.orNull() == null ? List.of(KernelComparison.Work.values()) : only.get();
            comparison.prepare(works);
            comparison.run(works);
            print(comparison);
        }
    }

    private static void check() {
        if (Libc.syscall(SYS_GETEUID, 0, 0, 0) != 0) {
            throw new RunException(
                    "compare kernel makes interfaces and network namespaces; run it as root");
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new RunException("compare kernel needs two cores; this machine has one");
        }
        need("ip", "ping", "taskset", "stdbuf", "sysctl", "gcc");
    }

    private void print(KernelComparison comparison) {
        if (json()) {
            printJson(comparison.figures(), Map.of("skipped", comparison.skipped()));
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
