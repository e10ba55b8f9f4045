// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.bench.app.OffloadMatch.Link;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Forwards between ports pairwise (0-1, 2-3), the last of an odd number to itself. */
public final class Testpmd implements AutoCloseable {
    /**
     * What to run.
     *
     * @param specs the ports
     * @param mode what happens to packets
     * @param burst packets at a time
     * @param txPacketSegments bytes of each segment of a packet that txonly makes
     * @param txFirst bursts to send before forwarding, for ports that loop back
     * @param buffers size of the pool, 0 for one that suits the ports
     * @param threads number of forwarding threads
     * @param cores where they run, or empty for anywhere
     * @param waiting what they do when no packet arrives
     */
    public record Plan(
            List<String> specs,
            ForwardMode mode,
            int burst,
            List<Integer> txPacketSegments,
            int txFirst,
            int buffers,
            int threads,
            List<Integer> cores,
            WaitMode waiting) {
        public Plan {
            specs = List.copyOf(specs);
            txPacketSegments = List.copyOf(txPacketSegments);
            cores = List.copyOf(cores);
        }
    }

    private final Plan plan;
    private final EndRequest end;
    private final PortSet ports = new PortSet();
    private final List<ForwardStream> streams = new ArrayList<>();
    private final List<ForwardThread> threads = new ArrayList<>();

    /** A run that has opened nothing yet. */
    public Testpmd(Plan plan, EndRequest end) {
        this.plan = plan;
        this.end = end;
    }

    /** Opens and starts the ports, and begins to forward. Close this also when it throws. */
    public void start() {
        Cores.check(plan.cores());
        ResidentMemory.lock();
        for (String spec : plan.specs()) {
            ports.open(spec);
        }
        ports.configure(new OffloadMatch(links()), plan.buffers());
        for (Port port : ports.ports()) {
            port.addListener(this::onEvent);
        }
        ports.start();
        sendFirst();
        for (int i = 0; i < plan.specs().size(); i++) {
            streams.add(stream(i));
        }
        startThreads();
    }

    private void onEvent(Port port, PortEvent event) {
        if (event instanceof PortEvent.Removed(String reason)) {
            end.fail(new RunException("port " + port.name() + " is gone: " + reason));
        }
    }

    /** The port on which packets received on port {@code index} leave. */
    static int peer(int index, int count, ForwardMode mode) {
        int paired = index ^ 1;
        return mode.crosses() && paired < count ? paired : index;
    }

    private int peer(int index) {
        return peer(index, plan.specs().size(), plan.mode());
    }

    private List<Link> links() {
        List<Port> all = ports.ports();
        List<Link> links = new ArrayList<>();
        for (int i = 0; plan.mode().crosses() && i < all.size(); i++) {
            links.add(new Link(all.get(i), all.get(peer(i))));
        }
        return links;
    }

    private ForwardStream stream(int index) {
        Port from = ports.ports().get(index);
        Port to = ports.ports().get(peer(index));
        RxQueue rx = from.rxQueue(0);
        TxQueue tx = to.txQueue(0);
        int burst = plan.burst();
        return switch (plan.mode()) {
            case IO -> new RewriteStream.Io(rx, tx, burst);
            case MAC -> {
                long peerMac = RewriteStream.peerMac(peer(index));
                yield new RewriteStream.Mac(rx, tx, burst, peerMac, () -> to.mac().value());
            }
            case MACSWAP -> new RewriteStream.MacSwap(rx, tx, burst);
            case RXONLY -> new RxOnlyStream(rx, burst);
            case TXONLY -> generator(index);
            case ICMPECHO -> new IcmpEchoStream(rx, tx, burst, () -> to.mac().value());
        };
    }

    private ForwardStream generator(int index) {
        Port port = ports.ports().get(index);
        MbufPool pool = ports.pool();
        int[] segments = plan.txPacketSegments().stream().mapToInt(Integer::intValue).toArray();
        if (Arrays.stream(segments).max().orElse(0) > pool.dataRoom()) {
            throw new UsageException(
                    "a segment of --txpkts is larger than a buffer, which holds "
                            + pool.dataRoom()
                            + " bytes; write it as several, such as 2048,2048");
        }
        if (segments.length > 1 && !port.info().txOffloads().contains(TxOffload.MULTI_SEGMENT)) {
            throw new UsageException(
                    "port "
                            + port.name()
                            + " sends no packets of several segments; "
                            + "give --txpkts one length");
        }
        return new TxOnlyStream(
                port.txQueue(0),
                pool,
                plan.burst(),
                segments,
                port.mac().value(),
                RewriteStream.peerMac(index));
    }

    private void sendFirst() {
        if (plan.txFirst() == 0) {
            return;
        }
        for (int i = 0; i < plan.specs().size(); i++) {
            try (ForwardStream generator = generator(i)) {
                for (int k = 0; k < plan.txFirst(); k++) {
                    generator.run();
                }
            }
        }
    }

    private void startThreads() {
        int count = Math.min(plan.threads(), streams.size());
        for (int t = 0; t < count; t++) {
            List<ForwardStream> mine = new ArrayList<>();
            for (int i = t; i < streams.size(); i += count) {
                mine.add(streams.get(i));
            }
            int core = plan.cores().isEmpty() ? -1 : plan.cores().get(t % plan.cores().size());
            threads.add(new ForwardThread("forward-" + t, mine, core, plan.waiting(), end));
        }
        threads.forEach(ForwardThread::start);
    }

    /** The ports. */
    public List<Port> ports() {
        return ports.ports();
    }

    /**
     * Counters of the port at {@code index}; packets that found its queue full are in txDropped.
     */
    public PortStats stats(int index) {
        long full = 0;
        for (int i = 0; i < streams.size(); i++) {
            full += peer(i) == index ? streams.get(i).dropped() : 0;
        }
        return ports.ports().get(index).stats().plus(new PortStats(0, 0, 0, 0, 0, full, 0, 0));
    }

    /** Ends forwarding; counters stand still afterwards. Idempotent. */
    public void stop() {
        threads.forEach(ForwardThread::close);
        ports.stop();
    }

    @Override
    public void close() {
        try {
            threads.forEach(ForwardThread::close);
        } finally {
            ports.close();
        }
    }
}
