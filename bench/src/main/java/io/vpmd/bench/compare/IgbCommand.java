// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.BenchCommand;
import io.vpmd.bench.cli.Json;
import io.vpmd.bench.cli.TextTable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code compare igb}. */
@Command(
        name = "igb",
        description = {
            "Compares the burst path of net_igb (receive, touch a byte, send; bursts of 4, 32, 64)",
            "with the same loop in C, both on descriptor rings in memory that a stub completes,",
            "in turn, the median counts. Needs gcc. Leave the machine alone meanwhile."
        })
final class IgbCommand extends BenchCommand {
    private static final int NAME = 0;
    private static final int REFERENCE = 3;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measurements of each (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "3",
            description = "Length of each (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (rounds < 1 || rounds > 1000) {
            throw new UsageException("--rounds " + rounds + " is not between 1 and 1000");
        }
        if (!(seconds >= 0.1 && seconds <= 3600)) {
            throw new UsageException("--seconds " + seconds + " is not between 0.1 and 3600");
        }
        if (Installation.program("gcc").isEmpty()) {
            throw new RunException("there is no gcc; install it (see README)");
        }
        IgbComparison comparison = new IgbComparison(rounds, seconds, this::tell);
        comparison.run();
        print(comparison.figures());
        return ExitCode.OK;
    }

    private void tell(String line) {
        err().println(line);
        err().flush();
    }

    private void print(List<Figure> figures) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("rounds", rounds);
            all.put("seconds", seconds);
            all.put("figures", figures.stream().map(Figure::json).toList());
            out().println(Json.of(all));
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
