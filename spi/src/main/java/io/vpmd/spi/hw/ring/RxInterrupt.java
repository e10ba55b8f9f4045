// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.sys.EventFd;

/**
 * The interrupt of one receive queue: it fires once after each {@link #arm}. Used by the thread
 * that bursts. Neither method allocates.
 *
 * <p>No packet is slept over: the cause is cleared before it is unmasked, and the read at the end
 * brings every descriptor of before into memory. So a packet is either in the ring when arm
 * returns, or its cause is set after it was cleared, and fires.
 */
public final class RxInterrupt {
    private final Mmio mmio;
    private final EventFd event;
    private final int mask;
    private final int cause;
    private final int set;
    private final int clear;
    private final int flush;
    private final boolean shared;

    /**
     * An interrupt.
     *
     * @param mask the bit of the queue's vector, or its cause where there are no vectors
     * @param cause clears what is written to it
     * @param set unmasks
     * @param clear masks
     * @param flush read to bring what was written before to the device
     * @param shared whether other queues have the same mask: what is pending, or unmasked, may be
     *     theirs
     */
    public RxInterrupt(
            Mmio mmio,
            EventFd event,
            int mask,
            Register cause,
            Register set,
            Register clear,
            Register flush,
            boolean shared) {
        this.mmio = mmio;
        this.event = event;
        this.mask = mask;
        this.cause = cause.at(0);
        this.set = set.at(0);
        this.clear = clear.at(0);
        this.flush = flush.at(0);
        this.shared = shared;
    }

    int eventFd() {
        return event.fd();
    }

    /** Lets the next packet signal the event. The caller looks into the ring afterwards. */
    void arm() {
        event.drain();
        if (!shared) {
            mmio.write(cause, mask);
        }
        mmio.write(set, mask);
        mmio.read(flush);
    }

    /** Packets are there: no more interrupts, also of a device that does not mask by itself. */
    void disarm() {
        if (!shared) {
            mmio.write(clear, mask);
        }
    }
}
