// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.LinkSpeeds;
import io.vpmd.spi.feature.LinkSpeeds.Mode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What opening and closing do to registers that no model has, on registers in memory (T0). */
@Timeout(60)
class IgbSiliconTest {
    private static final int STATUS = 0x08;
    private static final int EECD = 0x10;
    private static final int CTRL_EXT = 0x18;
    private static final int MDICNFG = 0xe04;
    private static final int PHPM = 0xe14;
    private static final int PCS_CFG0 = 0x4200;
    private static final int MANC = 0x5820;
    private static final int MANC2H = 0x5860;
    private static final int GCR = 0x5b00;
    private static final int FWSM = 0x5b54;
    private static final int SGMII = 2 << 22;
    private static final int POWER_DOWN = 1 << 11;

    private static Port open(ScriptedBus bus) {
        return Ports.open(PortSpec.parse("net_igb:memory"), List.of(new IgbDriver(s -> bus)));
    }

    /** What GCR is before and after, and what the PCIe capability gets. */
    @ParameterizedTest
    @CsvSource({
        "10c9, 0, 1000, ''",
        "10c9, 10000, 1000, ''",
        "10c9, 3000, 3000, ''",
        "10c9, 40000, 40000, pci c8=5",
        "10c9, 53000, 43000, ''",
        "1521, 10000, 10000, ''"
    })
    void theCompletionTimeoutIsLengthenedWhereItIsTheUsual(
            String id, String before, String after, String config) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(GCR, Integer.parseInt(before, 16));
        try (Port port = open(bus)) {
            assertEquals(Integer.parseInt(after, 16), bus.registers().value(GCR), port::name);
            List<String> written = bus.written("pci c8");
            assertEquals(config, written.isEmpty() ? "" : written.getFirst());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 24", "1, a4", "2, e4", "3, 124"})
    void anSgmiiPortOf82580FindsItsPhyAgainAfterTheReset(int function, String word) {
        ScriptedBus bus = new ScriptedBus(0x1511);
        bus.registers().set(STATUS, function << 2);
        bus.registers().set(CTRL_EXT, SGMII);
        bus.nvm()[Integer.parseInt(word, 16)] = 0xc;
        bus.registers().set(MDICNFG, 0x0020_0000);
        bus.seal();
        try (Port port = open(bus)) {
            assertEquals(0xc020_0000, bus.registers().value(MDICNFG), port::name);
        }
    }

    /** Flags of EECD, and what the driver writes to it; the flags are cleared by that. */
    @ParameterizedTest
    @CsvSource({
        "1521, 8000, 48000",
        "1521, 10000, 50000",
        "1521, 20000, 60000",
        "1521, 0, ''",
        "1f41, 8000, 48000",
        "150e, 8000, 8000",
        "150e, 10000, ''",
        "10c9, 38000, ''"
    })
    void anAccessToTheNvmThatFailedDoesNotBlockTheNext(String id, String flags, String clears) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(EECD, Integer.parseInt(flags, 16));
        bus.onWrite(EECD, value -> bus.registers().set(EECD, 0));
        open(bus).close();
        List<String> written = bus.written("10");
        assertEquals(clears.isEmpty() ? List.of() : List.of("10=" + clears), written);
    }

    @ParameterizedTest
    @CsvSource({"1510, 0", "1524, 2", "1538, 2"})
    void otherPortsFindTheirPhyWhereTheNvmPutIt(String id, int mode) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(CTRL_EXT, mode << 22);
        bus.nvm()[0x24] = 0xc;
        bus.seal();
        try (Port port = open(bus)) {
            assertEquals(0, bus.registers().value(MDICNFG), port::name);
        }
    }

    @ParameterizedTest
    @CsvSource({"10c9, 0", "150e, 20", "1521, 20", "1533, 20", "1539, 20"})
    void thePhySleepsAfterCloseAndWakesAtTheNextOpening(String id, String disconnect) {
        int linkDisconnect = Integer.parseInt(disconnect, 16);
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        for (int i = 0; i < 2; i++) {
            try (Port port = open(bus)) {
                assertEquals(0, bus.phy()[0] & POWER_DOWN, port::name);
                assertEquals(0, bus.registers().value(PHPM));
            }
            assertEquals(POWER_DOWN, bus.phy()[0] & POWER_DOWN);
            assertEquals(linkDisconnect, bus.registers().value(PHPM));
        }
    }

    /** Registers 4 and 9 of the PHY; selector, pause and remote fault stay. */
    @ParameterizedTest
    @CsvSource({
        "HALF_10 FULL_10, c61, 0",
        "FULL_100, d01, 0",
        "HALF_100 FULL_1000, c81, 200",
        "FULL_1000, c01, 200"
    })
    void theModesThatAreOfferedAreInThePhyUntilClose(String modes, String low, String high) {
        ScriptedBus bus = new ScriptedBus(0x1521);
        bus.phy()[4] = 0x0de1;
        bus.phy()[9] = 0x0300;
        Set<Mode> wanted =
                Arrays.stream(modes.split(" ", -1)).map(Mode::valueOf).collect(Collectors.toSet());
        try (Port port = open(bus)) {
            LinkSpeeds speeds = port.feature(LinkSpeeds.class).orElseThrow();
            assertEquals(5, speeds.supportedModes().size());
            assertEquals(speeds.supportedModes(), speeds.advertisedModes());
            bus.phy()[0] = 0;
            speeds.advertise(wanted);
            assertEquals(Integer.parseInt(low, 16), bus.phy()[4]);
            assertEquals(Integer.parseInt(high, 16), bus.phy()[9]);
            assertEquals(0x1200, bus.phy()[0], "negotiation is restarted");
            assertEquals(wanted, speeds.advertisedModes());
        }
        assertEquals(0x0de1, bus.phy()[4]);
        assertEquals(0x0300, bus.phy()[9]);
    }

    @ParameterizedTest
    @CsvSource({"10e6, 0, FULL_1000", "1f45, 0, FULL_1000", "1f45, 1000, FULL_2500"})
    void aLinkWithoutCopperHasOneMode(String id, String status, Mode mode) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(STATUS, Integer.parseInt(status, 16));
        try (Port port = open(bus)) {
            LinkSpeeds speeds = port.feature(LinkSpeeds.class).orElseThrow();
            assertEquals(Set.of(mode), speeds.supportedModes());
            assertEquals(Set.of(mode), speeds.advertisedModes());
            speeds.advertise(Set.of(mode));
            assertThrows(PortException.class, () -> speeds.advertise(Set.of(Mode.FULL_100)));
            assertThrows(PortException.class, () -> speeds.advertise(Set.of()));
        }
    }

    @Test
    void aPhyThatFirmwareKeepsIsLeftAlone() {
        ScriptedBus bus = new ScriptedBus(0x1521);
        bus.registers().set(MANC, 1 << 18);
        open(bus).close();
        assertEquals(0, bus.phy()[0] & POWER_DOWN);
        assertEquals(0, bus.registers().value(PHPM));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10c9", "1521", "10e7", "1523"})
    void theLinkOfAManagementControllerOutlivesTheDriver(String id) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.registers().set(MANC, 1 << 17 | 1 << 13);
        bus.registers().set(FWSM, 2 << 1);
        try (Port port = open(bus)) {
            assertEquals(1 << 21 | 1 << 17, bus.registers().value(MANC), port::name);
            assertEquals(0x60, bus.registers().value(MANC2H));
        }
        assertEquals(1 << 17 | 1 << 13, bus.registers().value(MANC), "it answers alone again");
        assertEquals(0, bus.phy()[0] & POWER_DOWN);
        boolean copper = id.equals("10c9") || id.equals("1521");
        assertTrue(copper || (bus.registers().value(PCS_CFG0) & 8) != 0, "the sublayer is on");
    }

    @Test
    void withoutAManagementControllerNothingOfItIsTouched() {
        ScriptedBus bus = new ScriptedBus(0x10c9);
        bus.registers().set(MANC, 1 << 13);
        open(bus).close();
        assertEquals(List.of(), bus.written("5820", "5860"));
        assertNotEquals(List.of(), bus.written("0"));
    }
}
