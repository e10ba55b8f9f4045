// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.BenchCommand;
import io.vpmd.bench.cli.Json;
import io.vpmd.bench.cli.TextTable;

import picocli.CommandLine.ExitCode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code compare igb}. */
final class IgbCommand extends BenchCommand {
    private static final int NAME = 0;
    private static final int REFERENCE = 3;

    private final Value<Integer> rounds =
            value(Integer.class, "--rounds", "N", "5", "Measurements of each (default 5).");

    private final Value<Double> seconds =
            value(Double.class, "--seconds", "S", "3", "Length of each (default 3).");

    private final Value<Boolean> json =
            flag("--json", "Print one line of JSON instead of the table.");

    IgbCommand() {
        super(
                "igb",
                "Compares the burst path of net_igb (receive, touch a byte, send; bursts of 4, 32,",
                "64) with the same loop in C, both on descriptor rings in memory that a stub",
                "completes, in turn, the median counts. Needs gcc. Leave the machine alone",
                "meanwhile.");
    }

    @Override
    public Integer call() throws Exception {
        int rounds = this.rounds.get();
        double seconds = this.seconds.get();
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
        if (json.get()) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("rounds", rounds.get());
            all.put("seconds", seconds.get());
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
