// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.UsageException;
import io.vpmd.spi.sys.Libc;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;

/** The {@code vpmd} command: 0 success, 1 the run failed, 2 wrong usage. */
public final class Vpmd {
    private static final Map<String, Supplier<BenchCommand>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("demo", DemoCommand::new);
        COMMANDS.put("ports", PortsCommand::new);
        COMMANDS.put("devbind", DevbindCommand::new);
        COMMANDS.put("kni", KniCommand::new);
        COMMANDS.put("testpmd", TestpmdCommand::new);
        COMMANDS.put("nic", NicCommand::new);
    }

    private Vpmd() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("warm-up").start(Vpmd::warmUp);
        PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        System.exit(run(out, err, args));
    }

    /**
     * Links the system calls while the main thread reads the command line; both take long. That the
     * call fails is meant.
     */
    private static void warmUp() {
        Libc.close(-1);
    }

    /** Runs one command and returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine root = commandLine(args.length > 0 ? args[0] : "");
        root.setOut(out).setErr(err);
        try {
            return root.execute(EalOptions.join(List.of(args)).toArray(String[]::new));
        } catch (UsageException e) {
            root.getErr().println("vpmd: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (ServiceConfigurationError | LinkageError | OutOfMemoryError e) {
            root.getErr().println("vpmd: " + Failure.sentence(e));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Only the command that is asked for is set up: the others' options cost start-up time. */
    private static CommandLine commandLine(String name) {
        CommandSpec spec = CommandSpec.create().name("vpmd");
        spec.usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .description("Ethernet ports driven by polling, in Java.")
                .commandListHeading("%nCommands:%n")
                .footer("", "Exit code: 0 success, 1 the run failed, 2 wrong usage.");
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .type(boolean.class)
                        .description("Show this help.")
                        .build());
        CommandLine root = new CommandLine(spec);
        COMMANDS.forEach(
                (key, command) -> {
                    if (key.equals(name) || !COMMANDS.containsKey(name)) {
                        root.addSubcommand(key, command.get().commandLine());
                    }
                });
        root.setUsageHelpAutoWidth(true);
        return withExitCodes(root);
    }

    /** Makes a command line answer errors with one sentence and the exit code for it. */
    public static CommandLine withExitCodes(CommandLine root) {
        root.setParameterExceptionHandler(Vpmd::wrongUsage);
        root.setExecutionExceptionHandler(Vpmd::failed);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        return root;
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
        command.getErr().println(name + ": " + message + "; see " + name + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, ParseResult result) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + Failure.sentence(e));
        if (verbose(command)) {
            e.printStackTrace(command.getErr());
        }
        return Failure.exitCode(e);
    }

    private static boolean verbose(CommandLine command) {
        return Boolean.getBoolean("vpmd.verbose")
                || (command.getCommand() instanceof BenchCommand c && c.verbose());
    }
}
