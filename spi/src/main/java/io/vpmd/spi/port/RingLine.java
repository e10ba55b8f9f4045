// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What one ring port sends and one receives: the receiver's rings, and whether it is started. Known
 * to both ports under the receiver's device, and there before the receiver is.
 */
final class RingLine {
    static final int MAX_QUEUES = 64;

    private static final Map<String, RingLine> LINES = new HashMap<>();

    private final AtomicReferenceArray<@Nullable MbufRing> rings =
            new AtomicReferenceArray<>(MAX_QUEUES);
    private @Nullable RingPort sender;
    private boolean receiver;
    private volatile boolean up;

    private RingLine() {}

    /**
     * The line on which {@code from} sends to {@code device}.
     *
     * @throws PortException when another port sends to it already: a ring has one producer
     */
    static RingLine toSend(String device, RingPort from) {
        synchronized (LINES) {
            RingLine line = LINES.computeIfAbsent(device, _ -> new RingLine());
            if (line.sender != null) {
                throw new PortException(
                        "open",
                        from.name(),
                        line.sender.name() + " sends to net_ring:" + device + " already",
                        "give each port a peer of its own");
            }
            line.sender = from;
            return line;
        }
    }

    /** The line on which {@code device} receives. */
    static RingLine toReceive(String device) {
        synchronized (LINES) {
            RingLine line = LINES.computeIfAbsent(device, _ -> new RingLine());
            line.receiver = true;
            return line;
        }
    }

    /** Ends the use of both lines of a port that closes. */
    static void leave(RingLine sending, RingLine receiving) {
        synchronized (LINES) {
            sending.sender = null;
            receiving.receiver = false;
            LINES.values().removeIf(line -> line.sender == null && !line.receiver);
        }
    }

    /** The ring of the receiver's queue {@code index}, or null when it has no such queue. */
    @Nullable MbufRing ring(int index) {
        return rings.getAcquire(index);
    }

    /** Makes {@code ring} the one that queue {@code index} receives from. */
    void setRing(int index, @Nullable MbufRing ring) {
        rings.setRelease(index, ring);
    }

    /** Whether the receiver is started. */
    boolean up() {
        return up;
    }

    /** Tells the sender that the receiver started or stopped. */
    void setUp(boolean now) {
        up = now;
        RingPort told;
        synchronized (LINES) {
            told = sender;
        }
        if (told != null) {
            told.peerChanged();
        }
    }
}
