// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The copper PHY of an X540 behind MSCA, on a bus that goes by clause 45 (T0). */
class IxgbePhyTest {
    private static final int MSCA = 0x425c;
    private static final int MSRWD = 0x4260;
    private static final int ADDRESS = 5;

    /** Registers by device and number, and the lock whose firmware half is in SW_FW_SYNC. */
    private static final class Mdio extends SemaphoreMmio {
        private final Map<Integer, Integer> registers = new HashMap<>();
        private int addressed;
        private int data;
        private boolean dead;

        @Override
        int get(int at) {
            return switch (at) {
                case MSRWD -> data;
                case MSCA -> dead ? 1 << 30 : 0;
                default -> 0;
            };
        }

        @Override
        void put(int at, int value) {
            switch (at) {
                case MSRWD -> data = value & 0xffff;
                case MSCA -> command(value);
                default -> {}
            }
        }

        private void command(int value) {
            assertEquals(2, sync & 2, "under the semaphore of the PHY");
            boolean here = ((value >>> 21) & 31) == ADDRESS;
            switch ((value >>> 26) & 3) {
                case 0 -> addressed = value & 0x1f_ffff;
                case 1 -> {
                    if (here) {
                        registers.put(addressed, data);
                    }
                }
                case 3 -> {
                    int answer = here ? registers.getOrDefault(addressed, 0) : 0xffff;
                    data = answer << 16;
                }
                default -> throw new AssertionError("an operation that is not in use");
            }
        }
    }

    private final Mdio bus = new Mdio();
    private final Registers regs = new Registers(bus, "port");
    private final IxgbeCopper copper =
            new IxgbeCopper(
                    new IxgbePhy(regs, "port", new IxgbeSemaphores(regs, "port", IxgbeChip.X540)),
                    IxgbeChip.X540);

    IxgbePhyTest() {
        bus.registers.put(1 << 16 | 2, 0x0154);
    }

    @Test
    void aSleepingPhyIsWokenAndNegotiates() {
        bus.registers.put(0x1e << 16, 0x0801);
        copper.setUp("open", true);
        assertEquals(0x0001, bus.registers.get(0x1e << 16));
        assertEquals(0x1200, bus.registers.get(7 << 16), "enabled and restarted");
        assertEquals(0, bus.sync, "the lock is given back");
        assertEquals(0, bus.swsm);
    }

    @Test
    void aLinkThatIsUpIsLeftAlone() {
        copper.setUp("open", true);
        assertEquals(null, bus.registers.get(7 << 16));
    }

    @Test
    void offersAreWrittenAndPutBackAsTheyWere() {
        bus.registers.put(7 << 16 | 0x20, 0x1181);
        copper.setUp("open", true);
        assertEquals(Set.of(Mode.FULL_10000), copper.offered("test"));
        copper.offer("test", EnumSet.of(Mode.FULL_100, Mode.FULL_1000));
        assertEquals(0x0181, bus.registers.get(7 << 16 | 0x20), "other bits stay");
        assertEquals(0x8000, bus.registers.get(7 << 16 | 0xc400));
        assertEquals(0x0100, bus.registers.get(7 << 16 | 0x10));
        copper.shutDown("close");
        assertEquals(0x1181, bus.registers.get(7 << 16 | 0x20));
        assertEquals(0x0800, bus.registers.get(0x1e << 16), "asleep");
    }

    @Test
    void anX550OffersTheSpeedsBetween() {
        IxgbeSemaphores semaphores = new IxgbeSemaphores(regs, "port", IxgbeChip.X550);
        IxgbeCopper x550 = new IxgbeCopper(new IxgbePhy(regs, "port", semaphores), IxgbeChip.X550);
        assertEquals(EnumSet.range(Mode.FULL_100, Mode.FULL_10000), x550.modes());
        x550.setUp("open", true);
        x550.offer("test", EnumSet.of(Mode.FULL_2500, Mode.FULL_5000));
        assertEquals(0x0c00, bus.registers.get(7 << 16 | 0xc400));
        assertEquals(EnumSet.of(Mode.FULL_2500, Mode.FULL_5000), x550.offered("test"));
        assertEquals(Set.of(Mode.FULL_100, Mode.FULL_1000, Mode.FULL_10000), copper.modes());
    }

    @Test
    void noPhyAndADeadBusAreTypedErrors() {
        bus.registers.clear();
        DeviceException none =
                assertThrows(DeviceException.class, () -> copper.setUp("open", true));
        assertTrue(none.getMessage().contains("no PHY answers"), none::getMessage);
        bus.dead = true;
        DeviceException dead =
                assertThrows(DeviceException.class, () -> copper.setUp("open", true));
        assertTrue(dead.getMessage().contains("waited 10000 us"), dead::getMessage);
        assertEquals(0, bus.sync, "the lock is given back");
    }
}
