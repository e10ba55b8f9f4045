// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Milliseconds from the start of the command until the line on its output that tells of a packet
 * which the forwarding loop has received from a net_ring that was fed one burst. DPDK prints the
 * line inside the loop; vpmd when it ends the loop for it, which is a little later.
 */
final class Launch {
    private static final int PATIENCE_SECONDS = 30;
    private static final String DPDK_LINE = ": received ";
    private static final String VPMD_LINE = "Telling cores to stop";

    private Launch() {}

    /** Times dpdk-testpmd. */
    static double dpdk(Cleanup cleanup, Path testpmd) throws Exception {
        Path commands = Files.createTempFile("compare", ".testpmd");
        try {
            Files.writeString(commands, "set verbose 1\nstart tx_first\n");
            List<String> command = Peer.Dpdk.eal(testpmd);
            command.addAll(
                    List.of(
                            "--vdev=net_ring0",
                            "--",
                            "--interactive",
                            "--cmdline-file=" + commands,
                            "--total-num-mbufs=16384"));
            return measure(cleanup, command, DPDK_LINE);
        } finally {
            Files.deleteIfExists(commands);
        }
    }

    /** Times vpmd testpmd, with its launcher. */
    static double vpmd(Cleanup cleanup, Path launcher) throws Exception {
        List<String> command =
                List.of(
                        launcher.toString(),
                        "testpmd",
                        "--port",
                        "net_ring:0",
                        "--tx-first",
                        "1",
                        "--packets",
                        "1");
        return measure(cleanup, command, VPMD_LINE);
    }

    private static double measure(Cleanup cleanup, List<String> command, String line)
            throws Exception {
        List<Process> started = new ArrayList<>();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        long start = System.nanoTime();
        cleanup.begin(
                () -> started.add(builder.start()),
                () -> started.forEach(Process::destroyForcibly));
        Process process = started.getFirst();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            awaitLine(output, line, command.getFirst());
            return (System.nanoTime() - start) / 1e6;
        } finally {
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static void awaitLine(BufferedReader output, String wanted, String program)
            throws IOException {
        String last = "no output";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(wanted)) {
                return;
            }
            last = line.isBlank() ? last : line;
        }
        throw new RunException(program + " forwarded no packet: " + last);
    }
}
