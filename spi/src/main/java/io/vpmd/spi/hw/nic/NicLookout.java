// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.Link;
import io.vpmd.spi.PortEvent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is looked at now and then: the link, whether the device is there, counters, transmitters.
 */
final class NicLookout {
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NicPort port;
    private final NicQueues queues;
    private final NicPort.Parts parts;
    private final AtomicLong hangs = new AtomicLong();
    private long polledNanos = System.nanoTime();
    private Link shown = Link.DOWN;
    private volatile boolean recovering;

    NicLookout(NicPort port, NicQueues queues, NicPort.Parts parts) {
        this.port = port;
        this.queues = queues;
        this.parts = parts;
    }

    /** The queues begin anew. */
    void forget() {
        parts.transmitters().forget();
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
        if (!port.present()) {
            port.lose("its registers read as all ones");
            return;
        }
        if (port.wantsSetUp()) {
            port.later(port::setUpLink);
        }
        Link now = parts.link().state();
        if (!now.equals(shown)) {
            shown = now;
            port.later(port::linkChanged);
            port.tell(new PortEvent.LinkChanged(now));
        }
        long nanos = System.nanoTime();
        if (nanos - polledNanos > POLL_NANOS) {
            polledNanos = nanos;
            parts.counters().poll();
            port.later(port::everySecond);
            watchTransmit(now);
        }
    }

    private void watchTransmit(Link now) {
        if (!port.started() || recovering) {
            return;
        }
        int queue = parts.transmitters().hanging(queues.transmitters(), now.up());
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
