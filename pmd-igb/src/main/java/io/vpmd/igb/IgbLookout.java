// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.Link;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.hw.Registers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is looked at now and then: the link, whether the device is there, counters, transmitters.
 */
final class IgbLookout {
    /** What the bus answers for a device that is gone. */
    static final int ALL_ONES = -1;

    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final IgbPort port;
    private final Registers regs;
    private final IgbLink link;
    private final IgbCounters counters;
    private final IgbFeatures features;
    private final IgbQueues queues;
    private final IgbTxWatch transmitters;
    private final AtomicLong hangs = new AtomicLong();
    private long polledNanos = System.nanoTime();
    private Link shown = Link.DOWN;
    private volatile boolean recovering;

    IgbLookout(
            IgbPort port,
            Registers regs,
            IgbLink link,
            IgbCounters counters,
            IgbFeatures features,
            IgbQueues queues) {
        this.port = port;
        this.regs = regs;
        this.link = link;
        this.counters = counters;
        this.features = features;
        this.queues = queues;
        this.transmitters = new IgbTxWatch(regs);
    }

    /** The queues begin anew. */
    void forget() {
        transmitters.forget();
    }

    /** How many times a transmitter hung since the port was opened. */
    long hangs() {
        return hangs.get();
    }

    /** On the thread of the device's watch. */
    void look() {
        if (port.gone()) {
            return;
        }
        if (regs.read(STATUS) == ALL_ONES) {
            port.lose("its registers read as all ones");
            return;
        }
        Link now = link.state();
        if (!now.equals(shown)) {
            shown = now;
            // The partner may want other pause frames than the last one.
            port.later(features.flowControl()::apply);
            port.tell(new PortEvent.LinkChanged(now));
        }
        long nanos = System.nanoTime();
        if (nanos - polledNanos > POLL_NANOS) {
            polledNanos = nanos;
            counters.poll();
            port.later(features.clock()::look);
            watchTransmit(now);
        }
    }

    private void watchTransmit(Link now) {
        if (!port.started() || recovering) {
            return;
        }
        int queue = transmitters.hanging(queues.transmitters(), now.up());
        if (queue >= 0) {
            recovering = true;
            port.onControl(() -> recover(queue));
        }
    }

    /** A reset is what gets a transmitter going that hangs; what it held is lost. */
    private void recover(int queue) {
        try {
            port.offline("recover", () -> {});
            hangs.incrementAndGet();
            port.tell(new PortEvent.TransmitHang(queue));
        } finally {
            recovering = false;
        }
    }
}
