// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.bench.app.OffloadMatch.Link;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.feature.KernelRequests;
import io.vpmd.spi.feature.LinkControl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The KNI sample application: each port gets kernel interfaces, a loop that carries its packets to
 * them and one that carries theirs to it; what is done to the first interface is done to the port.
 */
public final class KniApplication implements AutoCloseable {
    /**
     * What to run.
     *
     * @param specs the ports, numbered from 0
     * @param lcores the ports in use and their cores
     * @param promiscuous whether the ports receive what is not for them
     * @param backend how the kernel is reached, a value of net_kni's key
     * @param waiting what the loops do when no packet arrives
     */
    public record Plan(
            List<String> specs,
            List<KniLcores> lcores,
            boolean promiscuous,
            String backend,
            WaitMode waiting) {
        public Plan {
            specs = List.copyOf(specs);
            lcores = List.copyOf(lcores);
        }

        /**
         * Throws unless ports and cores fit together.
         *
         * @param mask the ports of the port mask
         * @param allowed the cores that may be named
         * @throws UsageException when they do not
         */
        public void check(SortedSet<Integer> mask, SortedSet<Integer> allowed) {
            SortedSet<Integer> named = new TreeSet<>();
            lcores.forEach(l -> named.add(l.port()));
            if (named.last() >= specs.size() || mask.last() >= specs.size()) {
                throw new UsageException(
                        "there is no port "
                                + Math.max(named.last(), mask.last())
                                + "; --port is given "
                                + (specs.size() == 1 ? "once" : specs.size() + " times")
                                + ", and ports are numbered from 0");
            }
            if (!named.equals(mask)) {
                throw new UsageException(
                        "-p has the ports "
                                + Cores.text(mask)
                                + " and --config has "
                                + Cores.text(named)
                                + "; they must have the same");
            }
            for (KniLcores l : lcores) {
                for (int core : l.cores()) {
                    if (!allowed.contains(core)) {
                        throw new UsageException(
                                "core "
                                        + core
                                        + " of --config is not among the cores "
                                        + Cores.text(allowed)
                                        + "; name one of those");
                    }
                }
            }
        }
    }

    private static final Pattern PCI =
            Pattern.compile("\\p{XDigit}{4}(:\\p{XDigit}{2}){2}\\.[0-7]");

    private final Plan plan;
    private final EndRequest end;
    private final Consumer<String> log;
    private final PortSet ports = new PortSet();
    private final List<KniServedPort> served = new ArrayList<>();
    private final List<KernelRequests> handled = new ArrayList<>();
    private final Map<Integer, io.vpmd.spi.Link> links = new LinkedHashMap<>();

    /**
     * A run that has opened nothing yet.
     *
     * @param log takes lines about what happens, on any thread
     */
    public KniApplication(Plan plan, EndRequest end, Consumer<String> log) {
        this.plan = plan;
        this.end = end;
        this.log = log;
    }

    /** Opens everything and begins to forward. Close this also when it throws. */
    public void start() {
        ResidentMemory.lock();
        for (KniLcores l : plan.lcores()) {
            Port port = ports.open(plan.specs().get(l.port()));
            List<Port> kernel = new ArrayList<>();
            for (int i = 0; i < l.interfaces().size(); i++) {
                kernel.add(ports.open(kernelSpec(l, i, port)));
            }
            served.add(new KniServedPort(l, port, kernel));
        }
        ports.configure(new OffloadMatch(forwarding()), 0);
        ports.ports().forEach(p -> p.addListener(this::onEvent));
        ports.start();
        for (KniServedPort s : served) {
            if (plan.promiscuous()) {
                s.port().setPromiscuous(true);
            }
            s.start(plan.waiting(), end);
            // Only the first interface of a port controls it.
            s.kernel()
                    .getFirst()
                    .feature(KernelRequests.class)
                    .ifPresent(k -> register(k, s.port()));
        }
    }

    private String kernelSpec(KniLcores lcores, int number, Port port) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("backend", plan.backend());
        options.put("mac", port.mac().toString());
        options.put("mtu", String.valueOf(port.mtu()));
        if (!lcores.kernel().isEmpty()) {
            options.put("core", String.valueOf(lcores.kernel().get(number)));
            options.put("force_bind", "on");
        }
        if (PCI.matcher(port.info().device()).matches()) {
            options.put("pci", port.info().device());
        }
        return new PortSpec("net_kni", lcores.interfaces().get(number), options).toString();
    }

    private List<Link> forwarding() {
        List<Link> all = new ArrayList<>();
        for (KniServedPort s : served) {
            for (Port k : s.kernel()) {
                all.add(new Link(s.port(), k));
                all.add(new Link(k, s.port()));
            }
        }
        return all;
    }

    private void register(KernelRequests requests, Port port) {
        requests.registerHandlers(new PhysicalPortHandlers(port, log));
        handled.add(requests);
    }

    private void onEvent(Port port, PortEvent event) {
        if (event instanceof PortEvent.Removed(String reason)) {
            end.fail(new RunException("port " + port.name() + " is gone: " + reason));
        }
    }

    /** The interfaces that were made, by port number. */
    public Map<Integer, List<String>> interfaces() {
        Map<Integer, List<String>> names = new LinkedHashMap<>();
        served.forEach(s -> names.put(s.lcores().port(), s.lcores().interfaces()));
        return names;
    }

    /** Counters of each port since the start or the last {@link #resetCounters()}. */
    public List<KniCounters> counters() {
        return served.stream().map(KniServedPort::counters).toList();
    }

    public void resetCounters() {
        served.forEach(KniServedPort::reset);
    }

    /** Shows the link state of each port on its interfaces; logs what changed. */
    public void mirrorLinks() {
        for (KniServedPort s : served) {
            io.vpmd.spi.Link now = s.port().link();
            io.vpmd.spi.Link before = links.put(s.lcores().port(), now);
            for (Port k : s.kernel()) {
                k.feature(LinkControl.class).ifPresent(c -> c.updateLink(now));
            }
            if (!now.equals(before)) {
                log.accept("Port " + s.lcores().port() + " link " + now);
            }
        }
    }

    /** Ends the loops; counters stand still afterwards. Idempotent. */
    public void stop() {
        handled.forEach(KernelRequests::unregisterHandlers);
        handled.clear();
        served.forEach(KniServedPort::close);
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            ports.close();
        }
    }
}
