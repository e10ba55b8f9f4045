// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.ConfigSpace;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class DmaSpaceTest {
    private final DmaSpace dma = new DmaSpace();
    private final byte[] bytes = {1, 2, 3, 4};

    @Test
    void onlyWhatIsMappedIsReached() {
        dma.setBusMaster(true);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4096, 4096);
            long at = dma.map(memory);
            assertTrue(dma.write(at + 4092, bytes, 0, 4));
            assertEquals(4, memory.get(ValueLayout.JAVA_BYTE, 4095));
            assertFalse(dma.write(at + 4093, bytes, 0, 4), "beyond the end");
            assertFalse(dma.write(at - 1, bytes, 0, 4), "before the start");
            assertFalse(dma.putWord(0, 1), "address 0");
            assertFalse(dma.read(Long.MAX_VALUE, bytes, 0, 4), "the last address");
            assertEquals(4, dma.faults());
            dma.unmap(at);
            assertEquals(0, dma.word(at));
            assertEquals(5, dma.faults());
        }
    }

    @Test
    void memoryThatWasClosedTooEarlyIsAFault() {
        dma.setBusMaster(true);
        Arena arena = Arena.ofShared();
        long at = dma.map(arena.allocate(64, 8));
        arena.close();
        assertFalse(dma.write(at, bytes, 0, 4));
        assertFalse(dma.read(at, bytes, 0, 4));
        assertFalse(dma.putWord(at, 1));
        assertFalse(dma.putInt(at, 1));
        assertEquals(0, dma.word(at));
        assertEquals(5, dma.faults());
        assertArrayEquals(new byte[] {1, 2, 3, 4}, bytes);
    }

    @Test
    void withoutBusMasteringNothingIsReached() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(64, 8);
            long at = dma.map(memory);
            assertFalse(dma.putWord(at, -1));
            assertEquals(0, memory.get(ValueLayout.JAVA_LONG, 0));
            assertEquals(0, dma.faults(), "a request that was not sent is no fault");
        }
    }

    @Test
    void rangesCanBeRefused() {
        dma.setBusMaster(true);
        try (Arena arena = Arena.ofConfined()) {
            long at = dma.map(arena.allocate(64, 8));
            dma.refuse(at + 8, 8);
            assertTrue(dma.putWord(at, 1));
            assertFalse(dma.putWord(at + 8, 1));
            assertTrue(dma.lastFault().startsWith("8 bytes at 0x0000000100000008"));
            dma.refuse(0, 0);
            assertTrue(dma.putWord(at + 8, 1));
        }
    }

    /** A guest's IOMMU shows each page by itself. */
    @Test
    void anAccessMayCrossRegions() {
        dma.setBusMaster(true);
        try (Arena arena = Arena.ofConfined()) {
            long at = 1L << 32;
            MemorySegment first = arena.allocate(64, 8);
            MemorySegment second = arena.allocate(64, 8);
            dma.map(at, first);
            dma.map(at + 64, second);
            dma.map(at + 128, arena.allocate(64, 8), false);
            assertTrue(dma.write(at + 62, bytes, 0, 4));
            assertEquals(2, first.get(ValueLayout.JAVA_BYTE, 63));
            assertEquals(3, second.get(ValueLayout.JAVA_BYTE, 0));
            byte[] back = new byte[4];
            assertTrue(dma.read(at + 62, back, 0, 4));
            assertArrayEquals(bytes, back);
            assertTrue(dma.read(at + 126, back, 0, 4));
            assertFalse(dma.write(at + 126, bytes, 0, 4), "into memory that is only read");
            assertFalse(dma.read(at + 190, back, 0, 4), "beyond the last one");
            assertEquals(2, dma.faults());
        }
    }

    @Test
    void mappingsDoNotOverlap() {
        try (Arena arena = Arena.ofConfined()) {
            long a = dma.map(arena.allocate(3 << 20, 8));
            long b = dma.map(arena.allocate(64, 8));
            assertNotEquals(a, b);
            assertTrue(b >= a + (3 << 20));
        }
    }

    @Test
    void theCommandRegisterDecides() {
        ModelConfigSpace config = new ModelConfigSpace(0x8086, 0x10c9, 1, 0x8086, 0xa03c);
        config.bar(0, 0x20000).msix(0x70, 25, 3, 0x2000);
        config.onCommand(v -> dma.setBusMaster((v & ConfigSpace.COMMAND_BUS_MASTER) != 0));
        config.setBusMaster(true);
        assertTrue(dma.busMaster());
        assertEquals(0x10c9, config.deviceId());
        assertEquals(0x70, config.capability(ConfigSpace.CAPABILITY_MSIX).orElseThrow());
        assertEquals(24, config.read(0x72, 2) & 0x7ff);
        config.write(0x10, 4, -1);
        assertEquals(-0x20000, config.read(0x10, 4), "size of BAR 0");
        config.write(0, 4, 0);
        assertEquals(0x8086, config.vendorId(), "ids are read-only");
        config.reset();
        assertFalse(dma.busMaster());
        config.remove();
        assertEquals(0xffff, config.vendorId());
        assertEquals(-1, config.read(0, 4));
    }
}
