// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Devices that cannot be driven: one sentence, and the bus is closed. */
class IgbRefusalTest {
    private static RemovableBus device(int id, int barBytes) {
        return new RemovableBus(new MemoryBus(id, barBytes), RemovableBus.Delivery.MSIX);
    }

    private static void assertRefused(RemovableBus bus, String... words) {
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
        assertTrue(bus.closed(), "the bus stays open");
    }

    @Test
    void anUnknownIdIsRefused() {
        assertRefused(device(0x1234, 0x20000), "8086:1234", "82576");
    }

    @Test
    void aRegisterSpaceThatIsTooSmallIsRefused() {
        assertRefused(device(0x10c9, 4096), "4096 bytes", "BAR 0");
    }

    @Test
    void aDeviceThatIsGoneIsRefused() {
        RemovableBus bus = device(0x10c9, 0x20000);
        bus.remove();
        assertRefused(bus, "gone");
    }
}
