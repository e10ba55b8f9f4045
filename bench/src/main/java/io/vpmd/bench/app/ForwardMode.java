// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

/** What testpmd does with packets, under DPDK's names. */
public enum ForwardMode {
    /** Sends what arrives, untouched. */
    IO("io"),
    /** As io, with the sending port's MAC as source and the peer's as destination. */
    MAC("mac"),
    /** As io, with source and destination MAC exchanged. */
    MACSWAP("macswap"),
    /** Receives and frees. */
    RXONLY("rxonly"),
    /** Makes UDP packets and sends them. */
    TXONLY("txonly"),
    /** Answers ARP requests and ICMP echo requests on the port where they arrived. */
    ICMPECHO("icmpecho");

    private final String word;

    ForwardMode(String word) {
        this.word = word;
    }

    /** Whether packets received on one port leave on its peer. */
    public boolean crosses() {
        return this == IO || this == MAC || this == MACSWAP;
    }

    /** Whether packets are received. */
    public boolean receives() {
        return this != TXONLY;
    }

    @Override
    public String toString() {
        return word;
    }
}
