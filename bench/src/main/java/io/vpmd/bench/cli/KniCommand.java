// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.Cores;
import io.vpmd.bench.app.EndRequest;
import io.vpmd.bench.app.KniApplication;
import io.vpmd.bench.app.KniCounters;
import io.vpmd.bench.app.KniLcores;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.app.WaitMode;
import io.vpmd.kni.Kni;
import io.vpmd.kni.KniInterface;

import picocli.CommandLine.ExitCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/** {@code vpmd kni}. */
final class KniCommand extends BenchCommand {
    private static final long LINK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final double TERMINAL_PERIOD = 1;
    private static final double PLAIN_PERIOD = 10;

    private final Value<List<String>> specs =
            list(
                    String.class,
                    "--port",
                    "SPEC",
                    false,
                    "A port, such as net_echo:0; numbered from 0 in this order.");

    private final Value<String> mask =
            optional(
                    String.class,
                    "-p",
                    "MASK",
                    "Ports to use, a mask in hexadecimal; the same ones as in --config.");

    private final Value<String> config =
            optional(
                    String.class,
                    "--config",
                    "(PORT,RX,TX[,K...])",
                    "For each port the core that receives, the one that sends, and any number of"
                            + " kernel cores: each makes one more interface vEth<port>_<i>.");

    private final Value<Boolean> promiscuous = flag("-P", "Set the ports to promiscuous mode.");

    private final Value<Boolean> monitor =
            flag("-m", "Show the link state of each port on its interfaces.");

    private final Value<String> backend =
            value(
                    String.class,
                    "--backend",
                    "NAME",
                    "auto",
                    "How the kernel is reached: auto, tap or kni (default auto).");

    private final Value<WaitMode> wait = waitMode();

    private final Value<Double> statsPeriod =
            optional(
                    Double.class,
                    "--stats-period",
                    "S",
                    "Print counters every S seconds, 0 for never (default: 1 on a terminal; else"
                            + " 10, when they changed).");

    private final Value<String> coreList =
            optional(String.class, "-l", "LIST", "Cores that --config may name.");

    private final Value<String> coreMask =
            optional(String.class, "-c", "MASK", "The same as a mask.");

    @SuppressWarnings("unused") // DPDK's users have it in their scripts
    private final Value<Integer> channels =
            optional(Integer.class, "-n", "N", "Memory channels; accepted, not used.");

    private final Value<Boolean> list =
            flag("--list", "Print the interfaces of kni.ko, whichever process made them, and end.");

    private final Value<Boolean> json =
            flag("--json", "Print statistics, or the list, as lines of JSON, nothing else.");

    KniCommand() {
        super(
                "kni",
                "The KNI sample application: for each port an interface vEth<port> of the kernel;"
                        + " packets go to and fro, and what is done to the interface (up, down,"
                        + " MTU, MAC, promiscuous) is done to the port.");
        footer(
                "SIGUSR1 prints the statistics, SIGUSR2 resets them, SIGINT and SIGTERM end. DPDK",
                "command lines work: -l, -c and -n before --, the rest after it. For example",
                "  sudo vpmd kni --port echo -p 0x1 --config \"(0,0,1)\"",
                "  sudo vpmd kni -l 0-1 -n 4 --port net_echo:0 -- -P -p 0x1 -m"
                        + " --config=\"(0,0,1)\"");
    }

    @Override
    public Integer call() {
        if (list.get()) {
            List<KniInterface> all = Kni.interfaces();
            (json.get() ? List.of(KniList.json(all)) : KniList.table(all)).forEach(out()::println);
            return ExitCode.OK;
        }
        KniApplication.Plan plan =
                new KniApplication.Plan(
                        needed(specs, "--port=SPEC"),
                        KniLcores.parse(needed(config, "--config=(PORT,RX,TX[,K...])")),
                        promiscuous.get(),
                        backend.get(),
                        wait.get());
        plan.check(Cores.parseMask("-p", needed(mask, "-p=MASK")), cores());
        nameProcess();
        Screen screen = new Screen(out(), !json.get() && Screen.onTerminal());
        EndRequest end = new EndRequest();
        long started = System.nanoTime();
        try (KniApplication kni = new KniApplication(plan, end, line -> log(screen, line))) {
            Signals.handle("INT", end::end);
            Signals.handle("TERM", end::end);
            Signals.handle("USR1", () -> screen.print(statistics(kni, started)));
            Signals.handle("USR2", () -> reset(kni, screen));
            kni.start();
            if (!json.get()) {
                screen.print(banner(plan));
            }
            follow(kni, end, screen, started);
            kni.stop();
            screen.print(statistics(kni, started));
            end.rethrow();
        }
        return ExitCode.OK;
    }

    /** Needed but for --list. */
    private static <T> T needed(Value<T> value, String option) {
        T given = value.orNull();
        if (given == null) {
            throw new UsageException("Missing required option: '" + option + "'");
        }
        return given;
    }

    private SortedSet<Integer> cores() {
        String list = coreList.orNull();
        String asMask = coreMask.orNull();
        if (list != null && asMask != null) {
            throw new UsageException("-l and -c say the same in two ways; give one of them");
        }
        SortedSet<Integer> allowed = Cores.allowed();
        if (list != null) {
            allowed = Cores.parseList("-l", list);
        } else if (asMask != null) {
            allowed = Cores.parseMask("-c", asMask);
        }
        Cores.check(allowed);
        return allowed;
    }

    /** So that {@code pkill -10 kni} finds the process: the name is the main thread's. */
    private static void nameProcess() {
        try {
            Files.writeString(Path.of("/proc/self/comm"), "kni");
        } catch (IOException _) {
            // Without /proc there is no pkill either.
        }
    }

    private void log(Screen screen, String line) {
        if (json.get()) {
            err().println(line);
        } else {
            screen.print(List.of(line));
        }
    }

    private List<String> statistics(KniApplication kni, long started) {
        return json.get()
                ? List.of(
                        Json.of(KniReport.asMap(since(started), kni.interfaces(), kni.counters())))
                : KniReport.table(kni.counters());
    }

    private void reset(KniApplication kni, Screen screen) {
        kni.resetCounters();
        log(screen, "** Statistics have been reset **");
    }

    private List<String> banner(KniApplication.Plan plan) {
        long pid = ProcessHandle.current().pid();
        List<String> lines = new ArrayList<>();
        for (KniLcores l : plan.lcores()) {
            lines.add(
                    "Port "
                            + l.port()
                            + " ("
                            + specs.get().get(l.port())
                            + ") is "
                            + String.join(", ", l.interfaces())
                            + ", cores "
                            + l.rx()
                            + " and "
                            + l.tx());
            if (!l.kernel().isEmpty()) {
                lines.add(
                        "Kernel cores of port "
                                + l.port()
                                + " bind a thread with kni.ko; TAP has none");
            }
        }
        lines.add("");
        lines.add("KNI running, wait " + wait.get().name().toLowerCase(Locale.ROOT));
        lines.add("kill -SIGUSR1 " + pid);
        lines.add("    Show KNI Statistics.");
        lines.add("kill -SIGUSR2 " + pid);
        lines.add("    Zero KNI Statistics.");
        return lines;
    }

    private void follow(KniApplication kni, EndRequest end, Screen screen, long started) {
        double seconds = screen.terminal() ? TERMINAL_PERIOD : PLAIN_PERIOD;
        Double given = statsPeriod.orNull();
        if (given != null) {
            seconds = given;
        }
        boolean reports = seconds > 0 && !(json.get() && given == null);
        long period = reports ? Math.max(1, (long) (seconds * 1e9)) : Long.MAX_VALUE;
        long nextReport = period;
        List<KniCounters> shown = List.of();
        while (!end.requested()) {
            long now = System.nanoTime() - started;
            if (now >= nextReport) {
                shown = report(kni, screen, shown, started);
                nextReport = now + period;
            }
            if (monitor.get()) {
                kni.mirrorLinks();
            }
            long sleep = nextReport - (System.nanoTime() - started);
            end.await(Math.max(1, monitor.get() ? Math.min(sleep, LINK_NANOS) : sleep));
        }
    }

    private List<KniCounters> report(
            KniApplication kni, Screen screen, List<KniCounters> shown, long started) {
        List<KniCounters> now = kni.counters();
        if (screen.terminal()) {
            screen.live(KniReport.table(now));
        } else if (!now.equals(shown)) {
            screen.print(json.get() ? statistics(kni, started) : KniReport.plain(now));
        }
        return now;
    }

    private static double since(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
