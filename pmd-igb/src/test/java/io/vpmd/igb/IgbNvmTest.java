// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.model.IgbModel;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.SelfTest;
import io.vpmd.spi.hw.DeviceException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What each function of a card takes from the NVM, on registers in memory and the model (T0). */
@Timeout(60)
class IgbNvmTest {
    private static final int STATUS = 0x08;
    private static final int COMPATIBILITY_3 = 3;
    private static final int ALTERNATE_POINTER = 0x37;
    private static final String PERMANENT = "02:00:00:00:00:01";

    private static ScriptedBus bus(String id, int function) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(STATUS, function << 2);
        return bus;
    }

    private static Port open(ScriptedBus bus, String options) {
        return Ports.open(
                PortSpec.parse("net_igb:memory" + options), List.of(new IgbDriver(s -> bus)));
    }

    /** Words of address k are k0, k1 and k2, the lower byte first. */
    private static void alternates(ScriptedBus bus, int at) {
        bus.nvm()[ALTERNATE_POINTER] = at;
        for (int i = 0; i < 12 && at + i < bus.nvm().length; i++) {
            bus.nvm()[at + i] = 0x1000 * (i / 3 + 1) + 0x0200 + 0x10 * (i % 3);
        }
        bus.seal();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 00:12:10:12:20:12",
        "1, 00:22:10:22:20:22",
        "2, 00:32:10:32:20:32",
        "3, 00:42:10:42:20:42"
    })
    void eachFunctionHasItsAlternateAddress(int function, String mac) {
        ScriptedBus bus = bus("10c9", function);
        alternates(bus, 0x120);
        try (Port port = open(bus, "")) {
            assertEquals(mac, port.mac().toString());
            String words = mac.substring(9, 11) + mac.substring(6, 8) + mac.substring(3, 5) + "00";
            int low = Integer.parseUnsignedInt(words, 16);
            assertEquals(low, bus.registers().value(0x5400), "receive address 0");
        }
        try (Port port = open(bus, ",mac=02:00:00:00:00:09")) {
            assertEquals("02:00:00:00:00:09", port.mac().toString());
        }
    }

    /** No pointer, and from the 82580 on the reset itself loads what the driver shall take. */
    @ParameterizedTest
    @CsvSource({"10c9, 0", "10c9, ffff", "150e, 120", "1521, 120", "1533, 120"})
    void thereNeedNotBeOne(String id, String pointer) {
        ScriptedBus bus = bus(id, 0);
        alternates(bus, 0x120);
        bus.nvm()[ALTERNATE_POINTER] = Integer.parseInt(pointer, 16);
        bus.seal();
        try (Port port = open(bus, "")) {
            assertEquals(PERMANENT, port.mac().toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "ff"})
    void oneThatIsMulticastIsNotTaken(String first) {
        ScriptedBus bus = bus("10c9", 0);
        alternates(bus, 0x120);
        bus.nvm()[0x120] = Integer.parseInt(first, 16);
        try (Port port = open(bus, "")) {
            assertEquals(PERMANENT, port.mac().toString());
        }
    }

    @Test
    void theModelsAlternateAddressOutlivesItsResets() {
        IgbModelFixture fixture = new IgbModelFixture(7);
        IgbModel model = fixture.model();
        model.setAlternateMac(new MacAddress(0x0200_0000_a17eL));
        for (int i = 0; i < 2; i++) {
            try (Port port = fixture.open()) {
                assertEquals("02:00:00:00:a1:7e", port.mac().toString());
                port.feature(SelfTest.class).orElseThrow().selfTest(true);
                int low = model.registers().get(IgbModel.table().registers().get("RAL"));
                assertEquals(0x0000_0002, low, "receive address 0");
                int high = model.registers().get(IgbModel.table().registers().get("RAH"));
                assertEquals(0x8000_7ea1, high, "receive address 0");
            }
        }
        fixture.close();
    }

    /** Makes the words from {@code first} to the checksum add up. */
    private static void sealSection(ScriptedBus bus, int first) {
        int sum = 0;
        for (int i = first; i < first + 0x3f; i++) {
            sum += bus.nvm()[i];
        }
        bus.nvm()[first + 0x3f] = (0xbaba - sum) & 0xffff;
    }

    @ParameterizedTest
    @CsvSource({
        "150e, 1, 80",
        "150e, 2, c0",
        "150e, 3, 100",
        "1521, 1, 80",
        "1521, 2, c0",
        "1521, 3, 100",
        "1f41, 3, 100"
    })
    void aWrongChecksumOfItsOwnSectionKeepsAFunctionFromOpening(
            String id, int function, String section) {
        ScriptedBus bus = bus(id, function);
        bus.nvm()[COMPATIBILITY_3] = 1 << 15;
        bus.seal();
        DeviceException e = assertThrows(DeviceException.class, () -> open(bus, ""));
        assertEquals("open", e.operation());
        assertTrue(e.getMessage().contains("checksum of its NVM"), e::getMessage);
        open(bus, ",nvm=unchecked").close();
        // Sections of other functions are theirs.
        int own = Integer.parseInt(section, 16);
        sealSection(bus, own);
        open(bus, "").close();
        bus.nvm()[own + 0x3f] ^= 1;
        assertThrows(DeviceException.class, () -> open(bus, ""));
        sealSection(bus, own);
        bus.nvm()[0x3f] ^= 1;
        assertThrows(DeviceException.class, () -> open(bus, ""), "what all functions share");
    }

    /** The first function has words 0 to 3fh, others of an old 82580 and the 82576 no checksum. */
    @ParameterizedTest
    @CsvSource({"1521, 0, 8000", "150e, 0, 8000", "150e, 3, 7fff", "10c9, 1, 8000"})
    void sectionsWithoutAChecksumAreNotAdded(String id, int function, String compatibility) {
        ScriptedBus bus = bus(id, function);
        bus.nvm()[COMPATIBILITY_3] = Integer.parseInt(compatibility, 16);
        bus.seal();
        open(bus, "").close();
    }
}
