// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/**
 * Counters of a port since it was opened or {@link Port#resetStats()}. Bytes count the frames
 * without their frame check sequence.
 *
 * @param rxPackets packets handed to the application
 * @param rxBytes their bytes
 * @param txPackets packets the device or the other side took
 * @param txBytes their bytes
 * @param rxDropped packets lost on the way in for want of a buffer or of room
 * @param txDropped packets consumed by {@code txBurst} and not sent: port stopped, removed, or the
 *     other side refused them
 * @param rxErrors packets that arrived broken
 * @param txErrors packets consumed and not sent because they were malformed
 */
public record PortStats(
        long rxPackets,
        long rxBytes,
        long txPackets,
        long txBytes,
        long rxDropped,
        long txDropped,
        long rxErrors,
        long txErrors) {

    public static final PortStats ZERO = new PortStats(0, 0, 0, 0, 0, 0, 0, 0);

    public PortStats plus(PortStats o) {
        return new PortStats(
                rxPackets + o.rxPackets,
                rxBytes + o.rxBytes,
                txPackets + o.txPackets,
                txBytes + o.txBytes,
                rxDropped + o.rxDropped,
                txDropped + o.txDropped,
                rxErrors + o.rxErrors,
                txErrors + o.txErrors);
    }

    public PortStats minus(PortStats o) {
        return new PortStats(
                rxPackets - o.rxPackets,
                rxBytes - o.rxBytes,
                txPackets - o.txPackets,
                txBytes - o.txBytes,
                rxDropped - o.rxDropped,
                txDropped - o.txDropped,
                rxErrors - o.rxErrors,
                txErrors - o.txErrors);
    }
}
