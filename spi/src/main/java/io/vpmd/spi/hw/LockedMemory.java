// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process may lock, RLIMIT_MEMLOCK. */
final class LockedMemory {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String LINE = "Max locked memory";

    private LockedMemory() {}

    /** The soft limit in words, for example "8192 KiB". */
    static String limit() {
        return limit(LIMITS);
    }

    static String limit(Path limits) {
        try {
            for (String line : Files.readAllLines(limits)) {
                if (line.startsWith(LINE)) {
                    String soft = line.substring(LINE.length()).strip().split("\\s+", 2)[0];
                    return soft.equals("unlimited") ? soft : (Long.parseLong(soft) >> 10) + " KiB";
                }
            }
        } catch (IOException | NumberFormatException e) {
            // It is only for a message.
        }
        return "unknown";
    }
}
