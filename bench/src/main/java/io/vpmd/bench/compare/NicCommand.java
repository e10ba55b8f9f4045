// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.TextTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code compare nic}. */
final class NicCommand extends ComparisonCommand {
    private static final int REFERENCE = 3;
    private static final int GROUP = 4;
    private static final int MOST = 64;

    private final Value<Integer> burst =
            value(Integer.class, "--burst", "N", "32", "Packets a burst: 4, 8, 16, 32 or 64.");

    NicCommand() {
        super(
                "nic",
                "3",
                "Compares the burst path of net_ixgbe (receive, touch a byte, send) with DPDK's",
                "ixgbe (vector, simple and full functions; the last with offloads requested, and",
                "with checksums for each packet) and with loops in C, scalar and with AVX2, on",
                "descriptor rings in memory that one stub completes. In turn, the median counts.",
                "Needs gcc; for DPDK the package libdpdk-dev, huge pages (root) and the mirror of",
                "Debian's sources, skipped with the reason otherwise. Leave the machine alone",
                "meanwhile.");
    }

    @Override
    void compare(int rounds, double seconds) throws Exception {
        int burst = this.burst.get();
        if (burst < GROUP || burst > MOST || Integer.bitCount(burst) != 1) {
            throw new UsageException("--burst " + burst + " is not 4, 8, 16, 32 or 64");
        }
        need("gcc");
        try (Cleanup cleanup = new Cleanup()) {
            NicComparison comparison = new NicComparison(burst, rounds, seconds, this::tell);
            comparison.prepare(cleanup);
            comparison.run();
            if (json()) {
                printJson(
                        comparison.figures(),
                        Map.of("burst", burst, "skipped", comparison.skipped()));
            } else {
                lines(comparison, burst).forEach(out()::println);
            }
        }
    }

    /** The table, and what was skipped. */
    static List<String> lines(NicComparison comparison, int burst) {
        TextTable table = new TextTable("");
        table.row("burst " + burst, "unit", "other", "vpmd", "vpmd/other", "wanted", "reached");
        for (Figure figure : comparison.figures()) {
            List<String> cells = new ArrayList<>(List.of(figure.cells()));
            cells.remove(REFERENCE);
            table.row(cells.toArray(String[]::new));
        }
        List<String> lines = new ArrayList<>(table.lines());
        comparison.skipped().forEach(reason -> lines.add("skipped: " + reason));
        return lines;
    }
}
