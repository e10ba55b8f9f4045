// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.cli.Vpmd;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code compare} command: 0 measured, 1 the run failed, 2 wrong usage. */
@Command(
        name = "compare",
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures vpmd, and what it is compared with, side by side.",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Exit code: 0 measured, 1 the run failed, 2 wrong usage."})
public final class Compare implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli shows the help
    private boolean help;

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command and returns its exit code. */
    static int run(String... args) {
        CommandLine root = new CommandLine(new Compare());
        root.addSubcommand("kernel", new KernelCommand().commandLine());
        root.addSubcommand("igb", new IgbCommand().commandLine());
        root.addSubcommand("nic", new NicCommand().commandLine());
        root.addSubcommand("kni", new KniCommand().commandLine());
        root.addSubcommand("jmh", new JmhCommand());
        root.setUsageHelpAutoWidth(true);
        return Vpmd.withExitCodes(root).execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: kernel, igb, nic, kni or jmh");
    }
}
