// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.MemFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the uio bus reads from the kernel; the bus itself is tested in a guest. */
class UioTest {
    /* Those of a pool of 4096 buffers, and one for the rings. */
    private static final int HUGE_PAGES = 8;

    @TempDir Path folder;

    private static void assertRefused(String nextStep, Runnable action) {
        BusException e = assertThrows(BusException.class, action::run);
        assertTrue(e.getMessage().contains(nextStep), e::getMessage);
    }

    @Test
    void theCharacterDeviceIsFound() throws IOException {
        UioDevice device = new UioDevice(folder);
        assertRefused("see dmesg", device::characterDevice);
        Files.createDirectories(folder.resolve("uio/uio3"));
        assertEquals("uio3", device.characterDevice());
    }

    @Test
    void barsAreSized() throws IOException {
        Files.writeString(
                folder.resolve("resource"),
                """
                0x00000000feb80000 0x00000000feb9ffff 0x0000000000040200
                0x0000000000000000 0x0000000000000000 0x0000000000000000
                0x000000000000c040 0x000000000000c05f 0x0000000000040101
                """);
        UioDevice device = new UioDevice(folder);
        assertEquals(0x20000, device.barBytes(0));
        assertRefused("BAR 1 cannot be mapped", () -> device.barBytes(1));
        assertRefused("BAR 2 cannot be mapped", () -> device.barBytes(2));
        assertRefused("BAR 5 cannot be mapped", () -> device.barBytes(5));
        UioDevice none = new UioDevice(folder.resolve("none"));
        assertRefused("BAR 0 cannot be mapped", () -> none.barBytes(0));
    }

    @Test
    void aDeviceBehindAnIommuThatTranslatesIsRefused() throws IOException {
        Path type = folder.resolve("type");
        UioDevice device = new UioDevice(folder);
        Files.writeString(type, "identity\n");
        device.checkUntranslated(type);
        Files.writeString(type, "DMA-FQ\n");
        assertRefused("vpmd devbind -b vfio-pci", () -> device.checkUntranslated(type));
        assertRefused("unknown", () -> device.checkUntranslated(folder.resolve("none")));
    }

    private PageMap pageMap(long... entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * entries.length).order(ByteOrder.nativeOrder());
        for (long entry : entries) {
            bytes.putLong(entry);
        }
        Path file = Files.write(folder.resolve("pagemap"), bytes.array());
        return new PageMap("test", file.toString());
    }

    @Test
    void physicalAddressesAreRead() throws IOException {
        try (PageMap map = pageMap(1L << 63 | 1L << 61 | 0x1_2345, 1L << 62 | 7, 1L << 63)) {
            assertEquals(0x1_2345_678L, map.physical(0x678));
            assertRefused("is not there", () -> map.physical(4096));
            assertRefused("CAP_SYS_ADMIN", () -> map.physical(8192));
            assertRefused("too short", () -> map.physical(3 * 4096));
        }
        assertRefused(
                "CAP_SYS_ADMIN", () -> new PageMap("test", folder.resolve("none").toString()));
    }

    /** Two mappings of the same pages have the same physical addresses (T1). */
    @Test
    void memoryOfADeviceIsWhereThePageMapSays() {
        try (MemFile probe = MemFile.create("probe", 1)) {
            assumeTrue(physical(probe) != 0, "/proc/self/pagemap shows no addresses: not root");
        }
        try (HugePages _ = HugePages.reserve(4 * HUGE_PAGES)) {
            // Whoever makes a pool meanwhile takes some.
            int free = HugePages.free();
            assumeTrue(
                    free >= HUGE_PAGES,
                    () -> "there are " + free + " free huge pages, not " + HUGE_PAGES);
            memoryIsWhereThePageMapSays();
        }
    }

    private static void memoryIsWhereThePageMapSays() {
        try (EventFd device = new EventFd();
                UioMemory memory = new UioMemory("test", device.fd());
                MbufPool pool = MbufPool.create("uio", 4096)) {
            DmaMemory first = memory.allocate("a", 5000);
            DmaMemory second = memory.allocate("b", 4096);
            assertEquals(first.busAddress() + 8192, second.busAddress());
            first.memory().set(ValueLayout.JAVA_LONG, 0, 77);
            first.close();
            DmaMemory again = memory.allocate("c", 8192);
            assertEquals(first.busAddress(), again.busAddress());
            assertEquals(0, again.memory().get(ValueLayout.JAVA_LONG, 0), "not zeroed");
            assertNotEquals(0, again.busAddress());
            assertRefused("smaller", () -> memory.allocate("d", MemFile.HUGE_PAGE + 1));
            assumeTrue(pool.hugePages(), "there are not enough huge pages for a pool");
            memory.map(pool).close();
        }
    }

    private static long physical(MemFile file) {
        try (PageMap map = new PageMap("test")) {
            return map.physical(file.memory().address());
        } catch (BusException e) {
            return 0;
        }
    }

    @Test
    void aPoolOnOrdinaryPagesIsRefused() {
        // Less than a huge page: it is on ordinary ones everywhere.
        try (EventFd device = new EventFd();
                UioMemory memory = new UioMemory("test", device.fd());
                MbufPool pool = MbufPool.create("small", 16)) {
            assertRefused("nr_hugepages", () -> memory.map(pool));
        }
    }
}
