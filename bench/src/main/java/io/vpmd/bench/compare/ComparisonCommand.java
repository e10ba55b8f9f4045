// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.cli.BenchCommand;
import io.vpmd.bench.cli.Json;

import picocli.CommandLine.ExitCode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison that measures all sides in turn, some rounds of some seconds each. */
abstract class ComparisonCommand extends BenchCommand {
    private final Value<Integer> rounds =
            value(Integer.class, "--rounds", "N", "5", "Measurements of each (default 5).");

    private final Value<Double> seconds;

    private final Value<Boolean> json =
            flag("--json", "Print one line of JSON instead of the table.");

    ComparisonCommand(String name, String defaultSeconds, String... description) {
        super(name, description);
        seconds =
                value(
                        Double.class,
                        "--seconds",
                        "S",
                        defaultSeconds,
                        "Length of each (default " + defaultSeconds + ").");
    }

    @Override
    public final Integer call() throws Exception {
        int rounds = this.rounds.get();
        double seconds = this.seconds.get();
        if (rounds < 1 || rounds > 1000) {
            throw new UsageException("--rounds " + rounds + " is not between 1 and 1000");
        }
        if (!(seconds >= 0.1 && seconds <= 3600)) {
            throw new UsageException("--seconds " + seconds + " is not between 0.1 and 3600");
        }
        compare(rounds, seconds);
        return ExitCode.OK;
    }

    /** Measures and prints; the numbers are in range. */
    abstract void compare(int rounds, double seconds) throws Exception;

    /** Ends the run when a program is not there. */
    static void need(String... programs) {
        for (String program : programs) {
            if (Installation.program(program).isEmpty()) {
                throw new RunException("there is no " + program + "; install it (see README)");
            }
        }
    }

    /** Shows how far the run is. */
    final void tell(String line) {
        err().println(line);
        err().flush();
    }

    final boolean json() {
        return json.get();
    }

    /** Prints the line of JSON, which ends with {@code more}. */
    final void printJson(List<Figure> figures, Map<String, ?> more) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("rounds", rounds.get());
        all.put("seconds", seconds.get());
        all.put("figures", figures.stream().map(Figure::json).toList());
        all.putAll(more);
        out().println(Json.of(all));
    }
}
