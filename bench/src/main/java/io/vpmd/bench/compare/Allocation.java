// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.util.ArrayList;
import java.util.List;

/** Bytes that vpmd's forwarding thread allocates for a packet, once it is warm. */
final class Allocation {
    private static final int GRACE_SECONDS = 60;

    private Allocation() {}

    /**
     * Measures in a JVM of its own.
     *
     * @param collector {@code Parallel} or {@code G1}
     */
    static double measure(Bed bed, String collector, double seconds) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", bed.first()));
        command.add(Installation.java().toString());
        command.add("-XX:+Use" + collector + "GC");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(Installation.classPath());
        command.add(AllocationProbe.class.getName());
        command.add("" + seconds);
        Shell.Result result = Shell.run((int) seconds + GRACE_SECONDS, command);
        return Outputs.number("bytesPerPacket", Shell.lastLine(result.output()));
    }
}
