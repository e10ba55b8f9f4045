// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import java.lang.invoke.VarHandle;

/**
 * Where in a ring the device was asked to report (RS), and how far it has (DD). Positions count on
 * and on; a ring's size is a power of two.
 */
final class TxReports {
    private final long ring;
    private final int mask;
    private final int[] ends;
    private int made;
    private int seen;

    /**
     * Nothing asked for.
     *
     * @param ring address of the first descriptor
     * @param size of the ring, descriptors
     */
    TxReports(long ring, int size) {
        this.ring = ring;
        mask = size - 1;
        ends = new int[size];
    }

    /** Forgets all. */
    void clear() {
        made = 0;
        seen = 0;
    }

    /** Asks for a report of the descriptor before {@code end}, which ends a packet. */
    void ask(int end) {
        long last = last(end);
        Descriptors.setHigh(last, Descriptors.high(last) | Descriptors.TX_RS);
        ends[made++ & mask] = end;
    }

    /** Whether the device has made the next report; then everything before its end is done. */
    boolean next() {
        if (seen == made) {
            return false;
        }
        boolean done = (Descriptors.high(last(ends[seen & mask])) & Descriptors.TX_DD) != 0;
        VarHandle.acquireFence();
        return done;
    }

    /** Takes that report, and tells its end. */
    int take() {
        return ends[seen++ & mask];
    }

    private long last(int end) {
        return Descriptors.at(ring, (end - 1) & mask);
    }
}
