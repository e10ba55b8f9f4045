// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.spi.PortStats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What testpmd prints about its ports, in the words that DPDK's users know. */
final class TestpmdReport {
    private static final int WIDTH = 76;

    private final List<String> specs;
    private List<PortStats> last;
    private double lastSeconds;

    TestpmdReport(List<String> specs) {
        this.specs = List.copyOf(specs);
        this.last = specs.stream().map(s -> PortStats.ZERO).toList();
    }

    /** The line that ends a run with {@code --json}. */
    static String json(double seconds, List<String> specs, List<PortStats> stats) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seconds", Math.round(seconds * 1000) / 1000.0);
        List<Map<String, Object>> ports = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            PortStats s = stats.get(i);
            Map<String, Object> port = new LinkedHashMap<>();
            port.put("port", specs.get(i));
            port.put("rxPackets", s.rxPackets());
            port.put("rxBytes", s.rxBytes());
            port.put("txPackets", s.txPackets());
            port.put("txBytes", s.txBytes());
            port.put("rxDropped", s.rxDropped());
            port.put("txDropped", s.txDropped());
            port.put("txErrors", s.txErrors());
            ports.add(port);
        }
        all.put("ports", ports);
        return Json.of(all);
    }

    /** Counters and the rates since the last call. */
    List<String> periodic(double seconds, List<PortStats> stats) {
        double interval = Math.max(1e-9, seconds - lastSeconds);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            PortStats now = stats.get(i);
            PortStats more = now.minus(last.get(i));
            lines.add("");
            lines.add(framed("NIC statistics for port " + i + ": " + specs.get(i), '#'));
            lines.add(
                    row("RX-packets", now.rxPackets())
                            + row("RX-missed", now.rxDropped())
                            + row("RX-bytes", now.rxBytes()));
            lines.add(row("RX-errors", now.rxErrors()));
            lines.add(
                    row("TX-packets", now.txPackets())
                            + row("TX-dropped", now.txDropped())
                            + row("TX-bytes", now.txBytes()));
            lines.add(row("TX-errors", now.txErrors()));
            lines.add("");
            lines.add("  Throughput (since last show)");
            lines.add(
                    row("Rx-pps", rate(more.rxPackets(), interval))
                            + row("Rx-bps", rate(more.rxBytes() * 8, interval)));
            lines.add(
                    row("Tx-pps", rate(more.txPackets(), interval))
                            + row("Tx-bps", rate(more.txBytes() * 8, interval)));
            lines.add("  " + "#".repeat(WIDTH));
        }
        last = List.copyOf(stats);
        lastSeconds = seconds;
        return lines;
    }

    /** Totals at the end of a run. */
    List<String> summary(double seconds, List<PortStats> stats) {
        List<String> lines = new ArrayList<>();
        PortStats total = PortStats.ZERO;
        for (int i = 0; i < specs.size(); i++) {
            total = total.plus(stats.get(i));
            lines.add("");
            lines.add(framed("Forward statistics for port " + i + ": " + specs.get(i), '-'));
            lines.addAll(totals(stats.get(i)));
            lines.add("  " + "-".repeat(WIDTH));
        }
        lines.add("");
        lines.add(framed("Accumulated forward statistics for all ports", '+'));
        lines.addAll(totals(total));
        lines.add("  " + "+".repeat(WIDTH));
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        "  %.3f s, received %.6f Mpps %.3f Gbit/s, sent %.6f Mpps %.3f Gbit/s",
                        seconds,
                        total.rxPackets() / seconds / 1e6,
                        total.rxBytes() * 8 / seconds / 1e9,
                        total.txPackets() / seconds / 1e6,
                        total.txBytes() * 8 / seconds / 1e9));
        return lines;
    }

    private static List<String> totals(PortStats s) {
        long txLost = s.txDropped() + s.txErrors();
        return List.of(
                row("RX-packets", s.rxPackets())
                        + row("RX-dropped", s.rxDropped())
                        + row("RX-total", s.rxPackets() + s.rxDropped()),
                row("TX-packets", s.txPackets())
                        + row("TX-dropped", txLost)
                        + row("TX-total", s.txPackets() + txLost));
    }

    private static long rate(long more, double interval) {
        return Math.round(more / interval);
    }

    private static String framed(String title, char line) {
        int room = Math.max(2, WIDTH - title.length() - 2);
        String left = String.valueOf(line).repeat(room / 2);
        return "  " + left + " " + title + " " + String.valueOf(line).repeat(room - room / 2);
    }

    private static String row(String name, long value) {
        return String.format(Locale.ROOT, "  %-11s %-14d", name + ":", value);
    }
}
