// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.cli.TextTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code compare igb}. */
final class IgbCommand extends ComparisonCommand {
    private static final int NAME = 0;
    private static final int REFERENCE = 3;

    IgbCommand() {
        super(
                "igb",
                "3",
                "Compares the burst path of net_igb (receive, touch a byte, send; bursts of 4, 32,",
                "64) with the same loop in C, both on descriptor rings in memory that a stub",
                "completes, in turn, the median counts. Needs gcc. Leave the machine alone",
                "meanwhile.");
    }

    @Override
    void compare(int rounds, double seconds) throws Exception {
        need("gcc");
        IgbComparison comparison = new IgbComparison(rounds, seconds, this::tell);
        comparison.run();
        print(comparison.figures());
    }

    private void print(List<Figure> figures) {
        if (json()) {
            printJson(figures, Map.of());
            return;
        }
        TextTable table = new TextTable("");
        table.row("work", "unit", "C loop", "vpmd", "vpmd/C", "wanted", "reached");
        for (Figure figure : figures) {
            List<String> cells = new ArrayList<>(List.of(figure.cells()));
            cells.remove(REFERENCE);
            // What is wanted is wanted of bursts of 32.
            if (!cells.get(NAME).endsWith("burst 32")) {
                cells.set(cells.size() - 2, "-");
                cells.set(cells.size() - 1, "-");
            }
            table.row(cells.toArray(String[]::new));
        }
        table.lines().forEach(out()::println);
    }
}
