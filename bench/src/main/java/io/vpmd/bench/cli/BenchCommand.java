// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** What every command has. */
@Command(
        sortOptions = false,
        showDefaultValues = false,
        optionListHeading = "%nOptions:%n",
        descriptionHeading = "%n",
        footerHeading = "%n")
public abstract class BenchCommand implements Callable<Integer> {
    /** For subclasses. */
    protected BenchCommand() {}

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            order = 100,
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli shows the help
    private boolean help;

    @Option(
            names = "--verbose",
            order = 101,
            description = "Show where in the program an error came from.")
    private boolean verbose;

    final boolean verbose() {
        return verbose;
    }

    /** Where results go. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where progress and errors go. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
