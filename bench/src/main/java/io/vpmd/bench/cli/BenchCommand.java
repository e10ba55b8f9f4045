// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.WaitMode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * What every command has. Options are made by code: reading annotations by reflection, picocli
 * would take a third of the time between the launch and the first packet.
 */
public abstract class BenchCommand implements Callable<Integer> {
    /** An option or parameter, and once the command line is parsed its value. */
    protected record Value<T>(ArgSpec argument) {
        /** The value that was given, or else the default. */
        public T get() {
            return Objects.requireNonNull(orNull());
        }

        /** The value, or null when none was given and there is no default. */
        public @Nullable T orNull() {
            return argument.getValue();
        }
    }

    private final CommandSpec spec;
    private final Value<Boolean> verbose;

    /** For subclasses; lines of the description are joined. */
    @SuppressWarnings("this-escape") // it is kept, not called, until the command line is parsed
    protected BenchCommand(String name, String... description) {
        spec = CommandSpec.wrapWithoutInspection(this).name(name);
        spec.usageMessage()
                .description(String.join(" ", description))
                .descriptionHeading("%n")
                .optionListHeading("%nOptions:%n")
                .footerHeading("%n")
                .sortOptions(false);
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .order(100)
                        .usageHelp(true)
                        .type(boolean.class)
                        .description("Show this help.")
                        .build());
        verbose =
                add(
                        OptionSpec.builder("--verbose")
                                .order(101)
                                .type(boolean.class)
                                .defaultValue("false")
                                .description("Show where in the program an error came from."));
    }

    /** Lines below the options in the help. */
    protected final void footer(String... lines) {
        spec.usageMessage().footer(lines);
    }

    /** An option without a value; more names of it follow after commas. */
    protected final Value<Boolean> flag(String names, String description) {
        return add(
                OptionSpec.builder(names.split(",", -1))
                        .type(boolean.class)
                        .defaultValue("false")
                        .description(description));
    }

    /** An option with a default. */
    protected final <T> Value<T> value(
            Class<T> type, String name, String label, String defaultValue, String description) {
        return add(
                OptionSpec.builder(name)
                        .type(type)
                        .paramLabel(label)
                        .defaultValue(defaultValue)
                        .description(description));
    }

    /** An option that may be left out; more names of it follow after commas. */
    protected final <T> Value<T> optional(
            Class<T> type, String names, String label, String description) {
        return add(
                OptionSpec.builder(names.split(",", -1))
                        .type(type)
                        .paramLabel(label)
                        .description(description));
    }

    /** What stands on the command line without the name of an option. */
    protected final Value<List<String>> parameters(String label, String description) {
        PositionalParamSpec parameters =
                PositionalParamSpec.builder()
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("0..*")
                        .paramLabel(label)
                        .description(description)
                        .build();
        spec.addPositional(parameters);
        return new Value<>(parameters);
    }

    /** An option that must be there. */
    protected final Value<String> required(String name, String label, String description) {
        return add(
                OptionSpec.builder(name)
                        .type(String.class)
                        .required(true)
                        .paramLabel(label)
                        .description(description));
    }

    /** An option that may be repeated. */
    protected final <T> Value<List<T>> list(
            Class<T> type, String name, String label, boolean required, String description) {
        return add(
                OptionSpec.builder(name)
                        .type(List.class)
                        .auxiliaryTypes(type)
                        .required(required)
                        .paramLabel(label)
                        .description(description));
    }

    /** How a thread of the command waits that finds nothing to do. */
    final Value<WaitMode> waitMode() {
        return value(
                WaitMode.class,
                "--wait",
                "MODE",
                "adaptive",
                "poll or adaptive: sleep when idle (default adaptive).");
    }

    private <T> Value<T> add(OptionSpec.Builder builder) {
        OptionSpec option = builder.build();
        spec.addOption(option);
        return new Value<>(option);
    }

    /** What parses the command's arguments. */
    public final CommandLine commandLine() {
        return new CommandLine(spec);
    }

    final boolean verbose() {
        return verbose.get();
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
