// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.io.IOException;

/** Frames of 64 bytes that a program sends to the kernel, counted by the kernel. */
final class UserToKernel {
    private static final String IFACE = "cmp0";
    private static final long WARM_UP_MILLIS = 2000;
    private static final int WAIT_STEPS = 250;

    /**
     * A measurement.
     *
     * @param mpps million packets a second
     * @param cpuNanos processor time of the sending thread for a packet
     */
    record Rate(double mpps, double cpuNanos) {}

    private UserToKernel() {}

    /** Lets a peer send for a while. */
    static Rate measure(Cleanup cleanup, Bed bed, Peer peer, double seconds) throws Exception {
        try (Running running = Running.start(cleanup, peer, bed.first(), peer.transmit(IFACE))) {
            running.awaitReady();
            bed.up(IFACE);
            awaitPackets(running);
            Thread.sleep(WARM_UP_MILLIS);
            long packets = running.counters().rxPackets(IFACE);
            long cpu = running.busiestThreadNanos();
            long started = System.nanoTime();
            Thread.sleep((long) (seconds * 1000));
            packets = running.counters().rxPackets(IFACE) - packets;
            long elapsed = System.nanoTime() - started;
            cpu = running.busiestThreadNanos() - cpu;
            return new Rate(packets * 1e3 / elapsed, (double) cpu / packets);
        }
    }

    private static void awaitPackets(Running running) throws IOException, InterruptedException {
        for (int i = 0; i < WAIT_STEPS && running.counters().rxPackets(IFACE) == 0; i++) {
            Thread.sleep(20);
        }
    }
}
