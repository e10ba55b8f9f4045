// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

/**
 * What the KNI application moved for one port.
 *
 * @param port number of the port
 * @param rxCore core of its receive loop
 * @param txCore core of its transmit loop
 * @param rxPackets packets from the port that the kernel took
 * @param rxDropped packets from the port that the kernel did not take
 * @param txPackets packets from the kernel that the port took
 * @param txDropped packets from the kernel that the port did not take
 */
public record KniCounters(
        int port,
        int rxCore,
        int txCore,
        long rxPackets,
        long rxDropped,
        long txPackets,
        long txDropped) {

    /** The difference to an earlier reading. */
    KniCounters since(KniCounters base) {
        return new KniCounters(
                port,
                rxCore,
                txCore,
                rxPackets - base.rxPackets,
                rxDropped - base.rxDropped,
                txPackets - base.txPackets,
                txDropped - base.txDropped);
    }
}
