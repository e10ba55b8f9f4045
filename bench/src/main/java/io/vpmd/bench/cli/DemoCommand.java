// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.Cores;
import io.vpmd.bench.app.EndRequest;
import io.vpmd.bench.app.KniApplication;
import io.vpmd.bench.app.KniLcores;
import io.vpmd.bench.app.Ping;
import io.vpmd.bench.app.RunException;
import io.vpmd.bench.app.UsageException;
import io.vpmd.bench.app.WaitMode;
import io.vpmd.kni.netlink.IpPrefix;
import io.vpmd.kni.netlink.NetlinkException;
import io.vpmd.kni.netlink.Rtnetlink;

import picocli.CommandLine.ExitCode;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** {@code vpmd demo}. */
final class DemoCommand extends BenchCommand {
    private static final String INTERFACE = "vEth0";
    private static final String NETWORK = "192.168.210.";
    private static final String REMOTE = NETWORK + "2";

    private final Value<Double> seconds =
            value(Double.class, "--seconds", "N", "5", "How long to ping (default 5).");

    private final Value<Boolean> json = flag("--json", "Print one line of JSON, nothing else.");

    DemoCommand() {
        super(
                "demo",
                "Shows that it works here: the KNI application with the interface vEth0 of this"
                        + " kernel, net_ixgbe on a software 82599 behind it, and a built-in remote"
                        + " host at the end of its cable, which the system's own ping reaches."
                        + " Needs root, or unshare -Urn.");
        footer(
                "The interface has 192.168.210.1/24, the remote host 192.168.210.2; both are gone",
                "when the demo ends. Exit code 0 means that every ping was answered.");
    }

    @Override
    public Integer call() {
        double seconds = this.seconds.get();
        if (!(seconds > 0 && seconds <= 86_400)) {
            throw new UsageException("--seconds " + seconds + " is not between 1 and 86400");
        }
        checkFree();
        EndRequest end = new EndRequest();
        Signals.handle("INT", end::end);
        Signals.handle("TERM", end::end);
        long started = System.nanoTime();
        Ping ping;
        try (KniApplication kni = new KniApplication(plan(), end, line -> {})) {
            kni.start();
            configure();
            say(INTERFACE + " has " + NETWORK + "1/24; behind it is a software 82599");
            say("with " + REMOTE + ", built in, at the end of its cable");
            ping = Ping.run(REMOTE, seconds, end);
            kni.stop();
            end.rethrow();
            report(kni, ping, (System.nanoTime() - started) / 1e9);
        }
        return ping.lossless() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static KniApplication.Plan plan() {
        SortedSet<Integer> cores = Cores.allowed();
        KniLcores lcores = new KniLcores(0, cores.first(), cores.last(), List.of());
        return new KniApplication.Plan(
                List.of("net_ixgbe:model,wire=[net_echo:0,ip=" + REMOTE + "]"),
                List.of(lcores),
                false,
                "auto",
                WaitMode.ADAPTIVE);
    }

    /** An address of the network elsewhere on this machine would get the echo requests. */
    private static void checkFree() {
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a.getHostAddress().startsWith(NETWORK))
                    .findFirst()
                    .ifPresent(
                            a -> {
                                throw new RunException(
                                        "this machine uses "
                                                + a.getHostAddress()
                                                + " already; run the demo in a namespace of its"
                                                + " own, with unshare -n");
                            });
        } catch (SocketException _) {
            // Not even a loopback interface: nothing is in the way.
        }
    }

    private static void configure() {
        try (Rtnetlink netlink = Rtnetlink.open()) {
            int index = netlink.link(INTERFACE).ifindex();
            netlink.addAddress(index, IpPrefix.parse(NETWORK + "1/24"));
            netlink.setUp(index, true);
        } catch (NetlinkException e) {
            throw new RunException(String.valueOf(e.getMessage()), e);
        }
    }

    private void say(String line) {
        if (!json.get()) {
            out().println(line);
        }
    }

    private void report(KniApplication kni, Ping ping, double elapsed) {
        if (json.get()) {
            Map<String, Object> all = KniReport.asMap(elapsed, kni.interfaces(), kni.counters());
            Map<String, Object> counts = new LinkedHashMap<>();
            counts.put("sent", ping.sent());
            counts.put("received", ping.received());
            all.put("ping", counts);
            out().println(Json.of(all));
            return;
        }
        say("$ " + String.join(" ", ping.command()));
        ping.summary().forEach(this::say);
        KniReport.table(kni.counters()).forEach(this::say);
    }
}
