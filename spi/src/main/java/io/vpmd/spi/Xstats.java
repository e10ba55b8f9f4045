// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.Map;

/** The extended counters that every port has, under DPDK's names. */
final class Xstats {
    private Xstats() {}

    static void add(Map<String, Long> to, PortStats s, QueueSet queues) {
        to.put("rx_good_packets", s.rxPackets());
        to.put("tx_good_packets", s.txPackets());
        to.put("rx_good_bytes", s.rxBytes());
        to.put("tx_good_bytes", s.txBytes());
        to.put("rx_missed_errors", s.rxDropped());
        to.put("rx_errors", s.rxErrors());
        to.put("tx_errors", s.txErrors());
        to.put("tx_dropped", s.txDropped());
        for (RxQueue queue : queues.rx()) {
            PortStats q = queue.stats();
            String prefix = "rx_q" + queue.index() + "_";
            to.put(prefix + "packets", q.rxPackets());
            to.put(prefix + "bytes", q.rxBytes());
            to.put(prefix + "errors", q.rxErrors());
            to.put(prefix + "dropped", q.rxDropped());
        }
        for (TxQueue queue : queues.tx()) {
            PortStats q = queue.stats();
            String prefix = "tx_q" + queue.index() + "_";
            to.put(prefix + "packets", q.txPackets());
            to.put(prefix + "bytes", q.txBytes());
            to.put(prefix + "errors", q.txErrors());
            to.put(prefix + "dropped", q.txDropped());
        }
    }
}
