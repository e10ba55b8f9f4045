// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.sys.Mapping;
import io.vpmd.spi.sys.MemFile;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

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
}
