// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.TextTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code compare kni}. */
final class KniCommand extends ComparisonCommand {
    private static final int REFERENCE = 3;

    private final Value<String> wait =
            value(
                    String.class,
                    "--wait",
                    "MODE",
                    "poll",
                    "How vpmd waits: poll (default, as dpdk-testpmd does) or adaptive.");

    KniCommand() {
        super(
                "kni",
                "5",
                "Compares net_kni on kni.ko with net_kni on TAP and with DPDK's rte_kni and",
                "dpdk-testpmd, in one boot of a guest of the lab: frames of 64 bytes to the"
                        + " kernel,",
                "TCP and ping between two namespaces through one forwarding thread; and what",
                "kni.ko calls and uses. In turn, the median counts. Needs bench/lab/setup and",
                "kmod/build; rte_kni needs the packages dpdk-dev and libdpdk-dev and the mirror of",
                "Debian's sources, else figures that were measured once stand for it. Only the",
                "ratios mean something: the guest's processors are emulated. Leave the machine",
                "alone meanwhile.");
    }

    @Override
    void compare(int rounds, double seconds) throws Exception {
        if (!List.of("poll", "adaptive").contains(wait.get())) {
            throw new UsageException("--wait " + wait.get() + " is not poll or adaptive");
        }
        try (Cleanup cleanup = new Cleanup()) {
            KniComparison comparison =
                    new KniComparison(cleanup, rounds, seconds, wait.get(), this::tell);
            comparison.run();
            if (json()) {
                printJson(
                        comparison.figures(),
                        Map.of("wait", wait.get(), "notes", comparison.notes()));
            } else {
                lines(comparison).forEach(out()::println);
            }
        }
    }

    /** The table, and what was not measured. */
    static List<String> lines(KniComparison comparison) {
        TextTable table = new TextTable("");
        table.row("work, beside", "unit", "other", "kni.ko", "kni.ko/other", "wanted", "reached");
        for (Figure figure : comparison.figures()) {
            List<String> cells = new ArrayList<>(List.of(figure.cells()));
            cells.remove(REFERENCE);
            table.row(cells.toArray(String[]::new));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.addAll(comparison.notes());
        return lines;
    }
}
