// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.KniCounters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The statistics of the KNI application, in the shape that scripts for DPDK's read. */
final class KniReport {
    private static final String RULE = rule('=');

    private KniReport() {}

    /** The table that SIGUSR1 prints. */
    static List<String> table(List<KniCounters> counters) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("**KNI example application statistics**");
        lines.add(RULE);
        lines.add(" Port    Lcore(RX/TX)    rx_packets    rx_dropped    tx_packets    tx_dropped");
        lines.add(rule('-'));
        for (KniCounters c : counters) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%7d %10d/%2d %13d %13d %13d %13d",
                            c.port(),
                            c.rxCore(),
                            c.txCore(),
                            c.rxPackets(),
                            c.rxDropped(),
                            c.txPackets(),
                            c.txDropped()));
        }
        lines.add(RULE);
        return lines;
    }

    private static String rule(char c) {
        String s = String.valueOf(c);
        return s.repeat(6) + "  " + s.repeat(14) + ("  " + s.repeat(12)).repeat(4);
    }

    /** One line a port, for output that is not a terminal. */
    static List<String> plain(List<KniCounters> counters) {
        return counters.stream()
                .map(
                        c ->
                                "port "
                                        + c.port()
                                        + " rx_packets "
                                        + c.rxPackets()
                                        + " rx_dropped "
                                        + c.rxDropped()
                                        + " tx_packets "
                                        + c.txPackets()
                                        + " tx_dropped "
                                        + c.txDropped())
                .toList();
    }

    static Map<String, Object> asMap(
            double seconds, Map<Integer, List<String>> interfaces, List<KniCounters> counters) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seconds", Math.round(seconds * 1000) / 1000.0);
        List<Map<String, Object>> ports = new ArrayList<>();
        for (KniCounters c : counters) {
            Map<String, Object> port = new LinkedHashMap<>();
            port.put("port", c.port());
            port.put("interfaces", interfaces.getOrDefault(c.port(), List.of()));
            port.put("rxCore", c.rxCore());
            port.put("txCore", c.txCore());
            port.put("rxPackets", c.rxPackets());
            port.put("rxDropped", c.rxDropped());
            port.put("txPackets", c.txPackets());
            port.put("txDropped", c.txDropped());
            ports.add(port);
        }
        all.put("ports", ports);
        return all;
    }
}
