// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Huge pages that a test adds to the system's, where it may, and takes back. */
final class HugePages implements AutoCloseable {
    private static final Path FOLDER = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
    private static final Path NUMBER = FOLDER.resolve("nr_hugepages");

    private final int added;

    private HugePages(int added) {
        this.added = added;
    }

    /** Adds as many as are missing to {@code wanted} free ones. */
    static HugePages reserve(int wanted) {
        int missing = Math.max(0, wanted - free());
        if (missing == 0 || !Files.isWritable(NUMBER)) {
            return new HugePages(0);
        }
        int before = read(NUMBER);
        write(before + missing);
        // The kernel stops where memory is in too small pieces.
        return new HugePages(read(NUMBER) - before);
    }

    /** How many nobody uses; none where the kernel has no such pages. */
    static int free() {
        Path file = FOLDER.resolve("free_hugepages");
        return Files.exists(file) ? read(file) : 0;
    }

    private static int read(Path file) {
        try {
            // In one read: a second one gets nothing, and readString begins with one byte here.
            return Integer.parseInt(Files.readAllLines(file).getFirst().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(int number) {
        try {
            Files.writeString(NUMBER, number + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (added > 0) {
            write(Math.max(0, read(NUMBER) - added));
        }
    }
}
