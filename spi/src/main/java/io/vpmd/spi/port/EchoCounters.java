// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import java.util.Map;

/** What an echo host has answered; written by one thread. */
final class EchoCounters {
    private static final String[] NAMES = {
        "echo_arp",
        "echo_icmp",
        "echo_icmpv6",
        "echo_neighbor",
        "echo_udp",
        "echo_ignored",
        "echo_bad_checksum",
    };

    static final int ARP = 0;
    static final int ICMP = 1;
    static final int ICMPV6 = 2;
    static final int NEIGHBOR = 3;
    static final int UDP = 4;
    static final int IGNORED = 5;
    static final int BAD_CHECKSUM = 6;

    private final long[] counts = new long[NAMES.length];

    void count(int what) {
        counts[what]++;
    }

    /** Adds these counts to the sums of the same names. */
    void addTo(Map<String, Long> sums) {
        for (int i = 0; i < NAMES.length; i++) {
            sums.merge(NAMES[i], counts[i], Long::sum);
        }
    }
}
