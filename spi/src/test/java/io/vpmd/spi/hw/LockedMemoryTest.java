// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class LockedMemoryTest {
    @TempDir Path folder;

    private String limit(String soft) throws IOException {
        return LockedMemory.limit(
                Files.writeString(
                        folder.resolve("limits"),
                        "Limit              Soft Limit  Hard Limit  Units\n"
                                + "Max open files     1024        1048576     files\n"
                                + "Max locked memory  "
                                + soft
                                + "     unlimited   bytes\n"));
    }

    @Test
    void theSoftLimitIsRead() throws IOException {
        assertEquals("8192 KiB", limit("8388608"));
        assertEquals("unlimited", limit("unlimited"));
        assertEquals("unknown", limit("?"));
        assertEquals("unknown", LockedMemory.limit(folder.resolve("none")));
    }

    @Test
    void thisProcessHasOne() {
        assertTrue(LockedMemory.limit().matches("unlimited|[0-9]+ KiB"), LockedMemory::limit);
    }
}
