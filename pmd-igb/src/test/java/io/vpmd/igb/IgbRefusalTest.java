// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Devices that cannot be driven: one sentence, and the bus is closed. */
class IgbRefusalTest {
    /** A device of which only the ids and the size of BAR 0 are known. */
    private static final class Stub implements Bus {
        private final int deviceId;
        private final long barBytes;
        private boolean closed;

        Stub(int deviceId, long barBytes) {
            this.deviceId = deviceId;
            this.barBytes = barBytes;
        }

        @Override
        public String kind() {
            return "stub";
        }

        @Override
        public String device() {
            return "stub";
        }

        @Override
        public ConfigSpace config() {
            return new ConfigSpace() {
                @Override
                public int read(int offset, int bytes) {
                    return offset == VENDOR_ID
                            ? IgbChip.VENDOR
                            : offset == DEVICE_ID ? deviceId : 0;
                }

                @Override
                public void write(int offset, int bytes, int value) {}
            };
        }

        @Override
        public Mmio bar(int number) {
            return new Mmio() {
                @Override
                public long size() {
                    return barBytes;
                }

                @Override
                public int read(int offset) {
                    return -1;
                }

                @Override
                public void write(int offset, int value) {}
            };
        }

        @Override
        public DmaMemory allocate(String name, long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DmaMap map(MbufPool pool) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean reset() {
            return false;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static void assertRefused(Stub bus, String... words) {
        PortException e =
                assertThrows(
                        PortException.class,
                        () ->
                                Ports.open(
                                        PortSpec.parse("net_igb:stub"),
                                        List.of(new IgbDriver(_ -> bus))));
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e::getMessage);
        }
        assertEquals(1, e.getMessage().lines().count());
        assertTrue(bus.closed, "the bus stays open");
    }

    @Test
    void anUnknownIdIsRefused() {
        assertRefused(new Stub(0x1234, 0x20000), "8086:1234", "82576");
    }

    @Test
    void aRegisterSpaceThatIsTooSmallIsRefused() {
        assertRefused(new Stub(0x10c9, 4096), "4096 bytes", "BAR 0");
    }

    @Test
    void aDeviceThatIsGoneIsRefused() {
        assertRefused(new Stub(0x10c9, 0x20000), "gone");
    }
}
