// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vpmd.spi.sys.Mapping;
import io.vpmd.spi.sys.MemFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

class MappedMmioTest {
    @Test
    void aDetachedDeviceReadsAsAllOnesAndIsWrittenNoMore() {
        try (MemFile device = MemFile.create("registers", 8192)) {
            MappedMmio mmio = new MappedMmio(Mapping.device(device.fd(), 0, 8192, Arena.ofAuto()));
            mmio.write(4096, 0x1234_5678);
            assertEquals(0x1234_5678, mmio.read(4096));
            assertEquals(0x1234_5678, device.memory().get(ValueLayout.JAVA_INT, 4096));
            mmio.detach();
            mmio.detach();
            mmio.write(4096, 7);
            assertEquals(-1, mmio.read(4096));
            assertEquals(-1, mmio.read(0));
            assertEquals(8192, mmio.size());
            assertEquals(0x1234_5678, device.memory().get(ValueLayout.JAVA_INT, 4096));
        }
    }

    /** In interpreted code and in code of both compilers, SIGBUS ends nobody's loop. */
    @Test
    void registersThatAreTakenAwayWhileTheyAreUsedReadAsAllOnes(@TempDir Path directory)
            throws Exception {
        for (int warmUp : new int[] {1, 20_000, 2_000_000}) {
            // Not in a MemFile, whose length is sealed.
            try (RandomAccessFile device =
                    new RandomAccessFile(directory.toFile() + "/bar", "rw")) {
                device.setLength(8192);
                MappedMmio mmio = new MappedMmio(map(device));
                AtomicLong turns = new AtomicLong();
                Thread burst = Thread.ofPlatform().daemon().start(() -> use(mmio, turns));
                while (turns.get() < warmUp) {
                    Thread.onSpinWait();
                }
                device.setLength(0);
                burst.join(10_000);
                assertFalse(burst.isAlive(), "the registers do not read as all ones");
                assertEquals(Long.MAX_VALUE, turns.get(), "the thread ended otherwise");
                assertEquals(-1, mmio.read(8));
            }
        }
    }

    private static MemorySegment map(RandomAccessFile file) throws IOException {
        return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, 8192, Arena.ofAuto());
    }

    private static void use(MappedMmio mmio, AtomicLong turns) {
        int value = 0;
        while (value != -1) {
            mmio.write(0, value & 0xff);
            value = mmio.read(0);
            turns.lazySet(turns.get() + 1);
        }
        turns.set(Long.MAX_VALUE);
    }
}
