// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.PortStateException;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.ModuleEeprom;
import io.vpmd.spi.feature.ModuleEeprom.Layout;
import io.vpmd.spi.hw.DeviceException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The SFP module behind I2CCMD, on registers in memory (T0). */
@Timeout(60)
class IgbModuleTest {
    private static final int CTRL_EXT = 0x18;
    private static final int I2C_ENABLE = 1 << 25;
    private static final int MDICNFG = 0xe04;
    private static final int I2CCMD = 0x1028;
    private static final int SW_FW_SYNC = 0x5b5c;
    private static final int PHY_0 = 1 << 1;
    private static final int READ = 1 << 27;
    private static final int READY = 1 << 29;
    private static final int ERROR = 1 << 31;
    private static final int DIAGNOSTICS_TYPE = 92;
    private static final int COMPLIANCE = 94;

    private final byte[] memory = new byte[512];
    private int deaf;
    private int reads;

    @BeforeEach
    void fill() {
        new Random(8472).nextBytes(memory);
        memory[0] = 3;
        memory[DIAGNOSTICS_TYPE] = 0x68;
        memory[COMPLIANCE] = 5;
    }

    private ScriptedBus bus(String id) {
        ScriptedBus bus = new ScriptedBus(Integer.parseInt(id, 16));
        bus.onWrite(I2CCMD, command -> bus.registers().set(I2CCMD, answer(bus, command)));
        return bus;
    }

    /** As a master does whose pins are on and a module at addresses 0 and 1. */
    private int answer(ScriptedBus bus, int command) {
        int at = (command >>> 16) & 0xff;
        int device = (command >>> 24) & 7;
        reads++;
        boolean owned = (bus.registers().value(SW_FW_SYNC) & PHY_0) != 0;
        boolean on = (bus.registers().value(CTRL_EXT) & I2C_ENABLE) != 0;
        if (!owned || !on || (command & READ) == 0 || device > 1 || deaf-- > 0) {
            return command | READY | ERROR;
        }
        int page = 256 * device;
        int high = memory[page + ((at + 1) & 0xff)] & 0xff;
        return (command & ~0xffff) | READY | high << 8 | (memory[page + at] & 0xff);
    }

    private static Port open(ScriptedBus bus) {
        return Ports.open(PortSpec.parse("net_igb:memory"), List.of(new IgbDriver(s -> bus)));
    }

    private static ModuleEeprom module(Port port) {
        return port.feature(ModuleEeprom.class).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"10e6, 0", "10e7, 2000000", "150f, 0", "1511, 0", "1522, 2000000", "1536, 0"})
    void identityAndDiagnosticsAreRead(String id, String before) {
        ScriptedBus bus = bus(id);
        int pins = Integer.parseInt(before, 16);
        try (Port port = open(bus)) {
            bus.registers().set(CTRL_EXT, bus.registers().value(CTRL_EXT) | pins);
            ModuleEeprom module = module(port);
            assertEquals(Layout.SFF_8472, module.moduleLayout());
            assertEquals(512, module.moduleLayout().bytes());
            assertArrayEquals(memory, module.readModuleEeprom(0, 512));
            for (int[] r : new int[][] {{0, 1}, {1, 1}, {1, 2}, {255, 2}, {253, 6}, {511, 1}}) {
                byte[] wanted = Arrays.copyOfRange(memory, r[0], r[0] + r[1]);
                assertArrayEquals(wanted, module.readModuleEeprom(r[0], r[1]), r[0] + "+" + r[1]);
            }
            assertEquals(pins, bus.registers().value(CTRL_EXT) & I2C_ENABLE, "the pins");
            assertEquals(0, bus.registers().value(SW_FW_SYNC), "the semaphore is given back");
        }
    }

    /** Compliance with no revision, and a module that hides its second address. */
    @ParameterizedTest
    @CsvSource({"0, 68", "5, 6c", "0, 0"})
    void aModuleWithoutDiagnosticsHas256Bytes(int compliance, String type) {
        memory[COMPLIANCE] = (byte) compliance;
        memory[DIAGNOSTICS_TYPE] = (byte) Integer.parseInt(type, 16);
        try (Port port = open(bus("10e6"))) {
            ModuleEeprom module = module(port);
            assertEquals(Layout.SFF_8079, module.moduleLayout());
            assertArrayEquals(Arrays.copyOf(memory, 256), module.readModuleEeprom(0, 256));
            PortException e =
                    assertThrows(PortException.class, () -> module.readModuleEeprom(250, 7));
            assertTrue(e.getMessage().contains("256"), e::getMessage);
        }
    }

    @Test
    void aModuleThatWakesUpIsWaitedFor() {
        try (Port port = open(bus("1522"))) {
            deaf = 3;
            assertArrayEquals(new byte[] {3}, module(port).readModuleEeprom(0, 1));
        }
    }

    @Test
    void anEmptyCageIsAnError() {
        ScriptedBus bus = bus("1522");
        try (Port port = open(bus)) {
            deaf = Integer.MAX_VALUE;
            DeviceException e =
                    assertThrows(DeviceException.class, () -> module(port).moduleLayout());
            assertEquals("moduleLayout", e.operation());
            assertTrue(e.getMessage().contains("no module answers at a0h"), e::getMessage);
            assertTrue(reads < 10, () -> reads + " reads");
            assertEquals(0, bus.registers().value(CTRL_EXT) & I2C_ENABLE, "the pins");
            assertEquals(0, bus.registers().value(SW_FW_SYNC), "the semaphore is given back");
        }
    }

    @Test
    void aMasterThatHangsIsAnError() {
        ScriptedBus bus = bus("1522");
        try (Port port = open(bus)) {
            bus.onWrite(I2CCMD, command -> {});
            DeviceException e =
                    assertThrows(DeviceException.class, () -> module(port).readModuleEeprom(0, 16));
            assertEquals("readModuleEeprom", e.operation());
            assertTrue(e.getMessage().contains("I2CCMD"), e::getMessage);
            assertEquals(0, bus.registers().value(SW_FW_SYNC), "the semaphore is given back");
        }
    }

    @Test
    void aClosedPortReadsNone() {
        Port port = open(bus("1522"));
        ModuleEeprom module = module(port);
        port.close();
        int before = reads;
        assertThrows(PortStateException.class, module::moduleLayout);
        assertEquals(before, reads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10c9", "150e", "1521", "1533", "1539"})
    void copperHasNoCage(String id) {
        try (Port port = open(bus(id))) {
            assertTrue(port.feature(ModuleEeprom.class).isEmpty());
        }
    }

    /** The pins of the I2C bus are an MDIO interface then. */
    @Test
    void aPhyOutsideIsNoModule() {
        ScriptedBus bus = bus("1524");
        bus.registers().set(MDICNFG, 1 << 31);
        try (Port port = open(bus)) {
            assertTrue(port.feature(ModuleEeprom.class).isEmpty());
        }
    }
}
