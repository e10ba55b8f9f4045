// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.util.HashMap;
import java.util.Map;

/** The table {@code /proc/net/dev}: what the kernel counted on each interface. */
record DevCounters(Map<String, long[]> rows) {
    private static final int RX_PACKETS = 1;
    private static final int HEADING_LINES = 2;

    DevCounters {
        rows = Map.copyOf(rows);
    }

    /** Reads the table. */
    static DevCounters parse(String text) {
        Map<String, long[]> rows = new HashMap<>();
        text.lines()
                .skip(HEADING_LINES)
                .forEach(
                        line -> {
                            int colon = line.lastIndexOf(':');
                            String[] cells = line.substring(colon + 1).strip().split(" +", -1);
                            long[] values = new long[cells.length];
                            for (int i = 0; i < cells.length; i++) {
                                values[i] = Long.parseLong(cells[i]);
                            }
                            rows.put(line.substring(0, colon).strip(), values);
                        });
        return new DevCounters(rows);
    }

    /** Whether there is such an interface. */
    boolean has(String iface) {
        return rows.containsKey(iface);
    }

    /** Packets that the kernel received on it. */
    long rxPackets(String iface) {
        long[] row = rows.get(iface);
        return row == null ? 0 : row[RX_PACKETS];
    }
}
