// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The huge pages that DPDK wants; vpmd and the C loops do without. */
final class HugePages {
    private static final Path NUMBER = Path.of("/proc/sys/vm/nr_hugepages");
    private static final Path FREE =
            Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages");

    private HugePages() {}

    /**
     * Makes sure that some are free, and has the number put back at the end.
     *
     * @throws RunException when the kernel has not even the least
     */
    static void reserve(Cleanup cleanup, int wanted, int least) throws Exception {
        int missing = wanted - number(FREE);
        if (missing <= 0) {
            return;
        }
        if (!Files.isWritable(NUMBER)) {
            throw new RunException(
                    "DPDK wants huge pages: run as root, or echo "
                            + (number(NUMBER) + missing)
                            + " > "
                            + NUMBER);
        }
        int before = number(NUMBER);
        cleanup.begin(() -> set(before + missing), () -> set(before));
        int now = number(FREE);
        if (now < least) {
            throw new RunException(
                    "the kernel gave only " + now + " huge pages to DPDK; free some memory");
        }
    }

    private static int number(Path file) throws IOException {
        // In one read: a second one gets nothing, and readString begins with a single byte here.
        return Integer.parseInt(Files.readAllLines(file).getFirst().strip());
    }

    private static void set(int pages) throws IOException {
        Files.writeString(NUMBER, pages + "\n");
    }
}
