// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.DeviceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The PLL of I210 and I211 without flash, on registers in memory (T0). */
@Timeout(60)
class IgbPllTest {
    private static final int EECD = 0x10;
    private static final int MDICNFG = 0xe04;
    private static final int INVM = 0x12120;
    private static final int FLASH = 1 << 19;
    private static final int PAGE = 0x16;
    private static final int FREQUENCY = 0x0e;
    private static final int WRONG = 0x12ff;
    private static final int RIGHT = 0x1234;
    /* CTRL is written for other reasons too, and read from the bits that matter here. */
    private static final String[] WATCHED = {"12024", "5800", "pci 44", "e04", "phy 16"};

    /** A PHY whose clock is wrong for so many looks at it. */
    private static ScriptedBus bus(String id, int wrongLooks) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(MDICNFG, 0x8020_0000);
        int[] looks = {0};
        bus.onPhyWrite(
                PAGE,
                page -> {
                    boolean look = page == 0xfc;
                    bus.phy()[FREQUENCY] = look && looks[0]++ < wrongLooks ? WRONG : RIGHT;
                });
        return bus;
    }

    private static Port open(ScriptedBus bus) {
        return Ports.open(PortSpec.parse("net_igb:memory"), List.of(new IgbDriver(s -> bus)));
    }

    private static List<String> round(String patched, String usual) {
        return List.of(
                "phy 16=fc",
                "phy 16=0",
                "5800=0",
                "12024=" + patched,
                "pci 44=3",
                "pci 44=0",
                "12024=" + usual,
                "5800=0");
    }

    @ParameterizedTest
    @CsvSource({"1533, 0", "1533, 1", "1533, 4", "157b, 2", "1539, 3"})
    void itIsRestartedUntilItsClockIsRight(String id, int wrongLooks) {
        ScriptedBus bus = bus(id, wrongLooks);
        try (Port port = open(bus)) {
            List<String> wanted = new ArrayList<>();
            wanted.add("e04=200000");
            for (int i = 0; i < wrongLooks; i++) {
                wanted.addAll(round("203f00a0", "202f00a0"));
            }
            wanted.addAll(List.of("phy 16=fc", "phy 16=0", "e04=80200000"));
            List<String> seen = bus.written(WATCHED);
            assertEquals(wanted, seen.subList(0, wanted.size()), port::name);
            assertEquals(wrongLooks, Collections.frequency(seen, "pci 44=3"));
            int bits = bus.registers().value(0x18) & 0x0014_0000;
            assertEquals(wrongLooks == 0 ? 0 : 0x0014_0000, bits, "CTRL_EXT");
            boolean phyReset = bus.registers().value(0) < 0;
            assertEquals(wrongLooks > 0, phyReset, "CTRL.PHY_RST");
        }
    }

    @Test
    void theWordOfTheInvmIsTheOneThatIsChanged() {
        ScriptedBus bus = bus("1533", 1);
        bus.registers().set(INVM, 0x4321 << 16 | 0x0a << 9 | 1);
        try (Port port = open(bus)) {
            assertEquals(
                    List.of("12024=433100a0", "12024=432100a0"), bus.written("12024"), port::name);
        }
    }

    @Test
    void afterFiveTriesItIsAnErrorAndAllIsAsBefore() {
        ScriptedBus bus = bus("1533", Integer.MAX_VALUE);
        DeviceException e = assertThrows(DeviceException.class, () -> open(bus));
        assertEquals("open", e.operation());
        assertTrue(e.getMessage().contains("PLL"), e::getMessage);
        assertEquals(5, Collections.frequency(bus.written(), "pci 44=3"));
        assertEquals(0x8020_0000, bus.registers().value(MDICNFG));
        assertEquals(0, bus.registers().value(0x5b5c), "the semaphore of the PHY is given back");
        assertEquals(0, bus.phy()[PAGE], "its page 0 is selected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10c9", "150e", "1521"})
    void otherChipsHaveNoSuchPll(String id) {
        ScriptedBus bus = bus(id, Integer.MAX_VALUE);
        open(bus).close();
        assertEquals(List.of(), bus.written("phy 16", "pci 44", "12024"));
    }

    @Test
    void withFlashTheFirmwareSeesToIt() {
        ScriptedBus bus = bus("1533", Integer.MAX_VALUE);
        bus.registers().set(EECD, FLASH);
        open(bus).close();
        assertEquals(List.of(), bus.written("phy 16", "pci 44", "12024"));
    }
}
