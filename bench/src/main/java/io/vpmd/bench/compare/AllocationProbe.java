// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import com.sun.management.ThreadMXBean;

import io.vpmd.bench.app.EndRequest;
import io.vpmd.bench.app.ForwardMode;
import io.vpmd.bench.app.Testpmd;
import io.vpmd.bench.app.WaitMode;
import io.vpmd.spi.PortStats;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.List;

/**
 * Sends to a kernel-facing port, lets another port's frames go round, and prints what the
 * forwarding threads allocated. A program of its own, for the sake of its collector.
 */
final class AllocationProbe {
    private static final String IFACE = "probe0";
    private static final long WARM_UP_MILLIS = 3000;

    private AllocationProbe() {}

    /** Argument: seconds to measure. Prints one line of JSON. */
    public static void main(String[] args) throws Exception {
        long millis = (long) (Double.parseDouble(args[0]) * 1000);
        double most =
                Math.max(
                        bytesPerPacket(List.of("net_kni:" + IFACE), ForwardMode.TXONLY, millis),
                        bytesPerPacket(
                                List.of("net_null:0", "net_null:1"), ForwardMode.IO, millis));
        System.out.println("{\"bytesPerPacket\":" + most + "}");
    }

    private static double bytesPerPacket(List<String> specs, ForwardMode mode, long millis)
            throws Exception {
        Testpmd.Plan plan =
                new Testpmd.Plan(specs, mode, 32, List.of(64), 0, 0, 1, List.of(), WaitMode.POLL);
        EndRequest end = new EndRequest();
        try (Testpmd run = new Testpmd(plan, end)) {
            run.start();
            if (mode == ForwardMode.TXONLY) {
                Shell.must("ip", "link", "set", IFACE, "up");
            }
            Thread.sleep(WARM_UP_MILLIS);
            long packets = sent(run, specs.size());
            long bytes = allocated();
            Thread.sleep(millis);
            bytes = allocated() - bytes;
            packets = sent(run, specs.size()) - packets;
            run.stop();
            end.rethrow();
            return (double) bytes / packets;
        }
    }

    private static long sent(Testpmd run, int ports) {
        PortStats sum = PortStats.ZERO;
        for (int i = 0; i < ports; i++) {
            sum = sum.plus(run.stats(i));
        }
        return sum.txPackets();
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith("forward-")) {
                bytes += threads.getThreadAllocatedBytes(info.getThreadId());
            }
        }
        return bytes;
    }
}
