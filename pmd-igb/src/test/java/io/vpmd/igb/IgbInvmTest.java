// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.feature.Firmware;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** I210 and I211 without flash, on registers in memory (T0). */
@Timeout(60)
class IgbInvmTest {
    private static final int EECD = 0x10;
    private static final int ADDRESS = 0x5400;
    private static final int INVM = 0x12120;
    private static final int FLASH = 1 << 19;

    /** Nothing has loaded an address, and EERD has no valid checksum. */
    private static ScriptedBus bus(String id, int... records) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.nvm()[1]++;
        bus.registers().set(ADDRESS, 0);
        bus.registers().set(ADDRESS + 4, 0);
        for (int i = 0; i < records.length; i++) {
            bus.registers().set(INVM + 4 * i, records[i]);
        }
        return bus;
    }

    private static int word(int address, int data) {
        return data << 16 | address << 9 | 1;
    }

    private static Port open(ScriptedBus bus) {
        return Ports.open(PortSpec.parse("net_igb:memory"), List.of(new IgbDriver(s -> bus)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1533", "157b", "1539"})
    void theAddressIsInTheInvm(String id) {
        ScriptedBus bus = bus(id, word(0, 0x0002), word(1, 0x4433), word(2, 0x6655));
        try (Port port = open(bus)) {
            assertEquals("02:00:33:44:55:66", port.mac().toString());
            byte[] bytes = port.feature(Eeprom.class).orElseThrow().readEeprom(0, 6);
            assertArrayEquals(port.mac().bytes(), bytes);
            assertEquals("iNVM", port.feature(Firmware.class).orElseThrow().firmwareVersion());
        }
    }

    /** A CSR autoload has a word of data behind it, a key has eight; other types have none. */
    @Test
    void dataOfOtherRecordsIsNotTakenForWords() {
        int wrong = word(0, 0xdead);
        ScriptedBus bus =
                bus(
                        "1533",
                        2,
                        wrong,
                        4,
                        wrong,
                        wrong,
                        wrong,
                        wrong,
                        wrong,
                        wrong,
                        wrong,
                        wrong,
                        3,
                        7,
                        word(2, 0x6655),
                        word(1, 0x4433),
                        word(0, 0x2202));
        try (Port port = open(bus)) {
            assertEquals("02:22:33:44:55:66", port.mac().toString());
        }
    }

    @Test
    void wordsThatItDoesNotHoldAreAsTheChipTakesThem() {
        ScriptedBus bus =
                bus("1539", word(0, 2), word(1, 0), word(2, 1), word(0x13, 0x1111), 0, word(4, 9));
        try (Port port = open(bus)) {
            Eeprom eeprom = port.feature(Eeprom.class).orElseThrow();
            assertArrayEquals(new byte[] {0x11, 0x11}, eeprom.readEeprom(0x26, 2), "a record");
            assertArrayEquals(new byte[] {0x43, 0x72}, eeprom.readEeprom(0x1e, 2), "a default");
            byte[] ids = {0x39, 0x15, (byte) 0x86, (byte) 0x80};
            assertArrayEquals(ids, eeprom.readEeprom(0x1a, 4), "ids of the configuration space");
            assertArrayEquals(new byte[] {-1, -1}, eeprom.readEeprom(8, 2), "behind the end");
        }
    }

    @Test
    void withoutAnAddressItIsOpenedWithOne() {
        PortException e = assertThrows(PortException.class, () -> open(bus("1533")));
        assertTrue(e.getMessage().contains("mac="), e::getMessage);
        PortSpec spec = PortSpec.parse("net_igb:memory,mac=02:00:00:00:00:07");
        try (Port port = Ports.open(spec, List.of(new IgbDriver(s -> bus("1533"))))) {
            assertEquals("02:00:00:00:00:07", port.mac().toString());
        }
    }

    @Test
    void withFlashTheChecksumCounts() {
        ScriptedBus bus = bus("1533", word(0, 2), word(1, 0), word(2, 1));
        bus.registers().set(EECD, FLASH);
        PortException e = assertThrows(PortException.class, () -> open(bus));
        assertTrue(e.getMessage().contains("checksum"), e::getMessage);
    }
}
