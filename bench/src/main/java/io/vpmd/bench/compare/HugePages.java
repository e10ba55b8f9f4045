// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The huge pages that DPDK wants; vpmd and the C loops do without. */
final class HugePages {
    private static final Path NUMBER = Path.of("/proc/sys/vm/nr_hugepages");
    private static final int WANTED = 512;
    private static final int LEAST = 128;

    private HugePages() {}

    /** Makes sure that there are enough, and has the number put back at the end. */
    static void reserve(Cleanup cleanup) throws Exception {
        int before = number();
        if (before >= WANTED) {
            return;
        }
        cleanup.begin(() -> set(WANTED), () -> set(before));
        int now = number();
        if (now < LEAST) {
            throw new RunException(
                    "the kernel gave only " + now + " huge pages to DPDK; free some memory");
        }
    }

    private static int number() throws IOException {
        // In one read: a second one gets nothing, and readString begins with a single byte here.
        return Integer.parseInt(Files.readAllLines(NUMBER).getFirst().strip());
    }

    private static void set(int pages) throws IOException {
        Files.writeString(NUMBER, pages + "\n");
    }
}
