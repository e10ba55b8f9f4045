// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;
import io.vpmd.bench.compare.Figure.Wanted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** DPDK's rte_kni, our TAP back-end and our kni.ko in turn, in one boot of a guest. */
final class KniComparison {
    /** Who is measured. */
    enum Side {
        RTE_KNI,
        TAP,
        KMOD
    }

    /** What is measured. */
    enum Work {
        TX("64 B to the kernel", "kpps"),
        TCP("TCP across", "Mbit/s"),
        PING("ping across", "ms");

        private final String text;
        private final String unit;

        Work(String text, String unit) {
            this.text = text;
            this.unit = unit;
        }
    }

    private static final int WARM_UP_SECONDS = 12;
    private static final double REACH_TX = 2;
    private static final double REACH_TCP = 3;
    private static final double REACH_PING = 0.5;

    private final Cleanup cleanup;
    private final int rounds;
    private final int seconds;
    private final String wait;
    private final Consumer<String> progress;
    private final Map<Side, KniPeer> peers = new EnumMap<>(Side.class);
    private final Map<Side, Map<Work, Samples>> samples = new EnumMap<>(Side.class);
    private final Figure txCalls =
            new Figure("calls of kni.ko, 64 B", "a packet", Wanted.AT_MOST_ITSELF, 0.03);
    private final Figure tcpCalls =
            new Figure("calls and signals, TCP", "a packet", Wanted.NOTHING, 0);
    private final Figure thread =
            new Figure("idle: thread of kni.ko", "% of a core", Wanted.AT_MOST_ITSELF, 1);
    private final Figure owner =
            new Figure("idle: owner, adaptive", "% of a core", Wanted.AT_MOST_ITSELF, 1);
    private final List<String> notes = new ArrayList<>();

    KniComparison(
            Cleanup cleanup, int rounds, double seconds, String wait, Consumer<String> progress) {
        this.cleanup = cleanup;
        this.rounds = rounds;
        this.seconds = (int) Math.ceil(seconds);
        this.wait = wait;
        this.progress = progress;
    }

    /** What was not measured, and why. */
    List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    /** What a side has reached so far. */
    Samples samples(Side side, Work work) {
        return samples.computeIfAbsent(side, s -> new EnumMap<>(Work.class))
                .computeIfAbsent(work, w -> new Samples());
    }

    /** Takes the figures of rte_kni that were measured once instead of measuring. */
    void keepTo(KniKept kept, String reason) {
        for (Work work : Work.values()) {
            samples(Side.RTE_KNI, work).add(kept.figure(work));
        }
        notes.add("rte_kni: " + reason + "; its figures are those of " + kept.conditions());
    }

    /** Runs all rounds; every second one in the opposite order. */
    void run() throws Exception {
        KniGuest guest = boot();
        List<Side> order = new ArrayList<>(peers.keySet());
        for (int round = 1; round <= rounds; round++) {
            progress.accept("round " + round + " of " + rounds);
            for (Side side : order) {
                cross(guest, side);
            }
            for (Side side : order) {
                transmit(guest, side);
            }
            Collections.reverse(order);
        }
        idle(guest);
    }

    private KniGuest boot() throws Exception {
        String release = KniGuest.release();
        Path module = Installation.bench().resolveSibling("kmod/target/" + release + "/kni.ko");
        if (!Files.exists(module)) {
            throw new RunException("there is no " + module + "; run kmod/build");
        }
        String install = "";
        try {
            progress.accept("rte_kni is fetched and built where it is not there yet");
            DpdkKni dpdk = DpdkKni.prepare();
            install = dpdk.install();
            peers.put(Side.RTE_KNI, KniPeer.dpdk(dpdk));
        } catch (RunException e) {
            keepTo(KniKept.read(), String.valueOf(e.getMessage()));
        }
        peers.put(Side.TAP, KniPeer.vpmd("tap", "", wait));
        peers.put(Side.KMOD, KniPeer.vpmd("kni", KniGuest.seen(module), wait));
        progress.accept("a guest is booted");
        KniGuest guest = KniGuest.boot(cleanup);
        guest.run("prepare " + DpdkKni.HUGE_PAGES + "\n" + install);
        return guest;
    }

    private void transmit(KniGuest guest, Side side) throws IOException {
        KniPeer peer = peer(side);
        String call = "transmit %d %d".formatted(seconds, WARM_UP_SECONDS);
        String said = guest.run(peer.variables(false) + call);
        double packets = Outputs.assigned("packets", said);
        double rate = packets * 1e6 / Outputs.assigned("nanos", said);
        samples(side, Work.TX).add(rate);
        if (side == Side.KMOD) {
            txCalls.vpmd().add(Outputs.assigned("kicks", said) / packets);
        }
        progress.accept("  " + peer.name() + ": " + Figure.number(rate) + " kpps");
    }

    private void cross(KniGuest guest, Side side) throws IOException {
        KniPeer peer = peer(side);
        String call = "cross %d %d".formatted(seconds, WARM_UP_SECONDS);
        String said = guest.run(peer.variables(true) + call);
        double rate = Outputs.iperfGbitPerSecond(said) * 1000;
        samples(side, Work.TCP).add(rate);
        Outputs.allPingMicros(said).forEach(micros -> samples(side, Work.PING).add(micros / 1000));
        if (side == Side.KMOD) {
            double calls = Outputs.assigned("kicks", said) + Outputs.assigned("signals", said);
            double packets = Outputs.assigned("given", said) + Outputs.assigned("taken", said);
            tcpCalls.vpmd().add(calls / packets);
        }
        progress.accept(
                "  %s: %s Mbit/s, ping so far %s ms"
                        .formatted(
                                peer.name(),
                                Figure.number(rate),
                                Figure.number(samples(side, Work.PING).median())));
    }

    private void idle(KniGuest guest) throws IOException {
        KniPeer adaptive = KniPeer.vpmd("kni", peer(Side.KMOD).module(), "adaptive");
        String said = guest.run(adaptive.variables(true) + "idle 10");
        thread.vpmd().add(Outputs.assigned("thread", said) / 1e8);
        owner.vpmd().add(Outputs.assigned("owner", said) / 1e8);
    }

    private KniPeer peer(Side side) {
        KniPeer peer = peers.get(side);
        if (peer == null) {
            throw new IllegalStateException(side + " is not measured");
        }
        return peer;
    }

    /** All figures in the order of the table. */
    List<Figure> figures() {
        List<Figure> all = new ArrayList<>();
        all.add(beside(Side.RTE_KNI, Work.TX, Wanted.AT_LEAST, REACH_TX));
        all.add(beside(Side.RTE_KNI, Work.TCP, Wanted.AT_LEAST, REACH_TCP));
        all.add(beside(Side.RTE_KNI, Work.PING, Wanted.AT_MOST, REACH_PING));
        all.add(beside(Side.TAP, Work.TX, Wanted.AT_LEAST, 1));
        all.add(beside(Side.TAP, Work.TCP, Wanted.AT_LEAST, 1));
        all.add(beside(Side.TAP, Work.PING, Wanted.AT_MOST, 1));
        all.addAll(List.of(txCalls, tcpCalls, thread, owner));
        return all;
    }

    private Figure beside(Side other, Work work, Wanted wanted, double limit) {
        String name = other == Side.TAP ? "our tap" : "rte_kni";
        Figure figure = new Figure(work.text + ", " + name, work.unit, wanted, limit);
        samples(other, work).values().forEach(figure.peer()::add);
        samples(Side.KMOD, work).values().forEach(figure.vpmd()::add);
        return figure;
    }
}
