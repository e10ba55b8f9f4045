// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.RegisterTable;

import org.junit.jupiter.api.Test;

/** Parts that models of both NIC families are made of. */
class NicPartsTest {
    private final ModelClock.Manual clock = new ModelClock.Manual();

    @Test
    void countersAreClearedByReadsAndStickAtTheirLargestValue() {
        RegisterTable table = new RegisterTable();
        Counters.Table counters = new Counters.Table(table);
        Counters.Counter packets = counters.one("GPRC", 0x10);
        Counters.Counter bytes = counters.wide("GORC", 0x20, 36);
        Counters.Counter queues = counters.array("QPRC", 0x40, 8, 2);
        RegisterFile regs =
                new RegisterFile(table, 0x100, new Object(), () -> {}, new Violations());
        Counters values = new Counters(counters, regs, 1);
        assertTrue(regs.read(0x10) > 0, "unknown after power-on");
        assertEquals(0, regs.read(0x10));
        values.add(packets, 0xffff_fff0L);
        values.add(packets, 0x100);
        assertEquals(0xffff_ffff, regs.read(0x10));
        int _ = regs.read(0x20) + regs.read(0x24);
        values.add(bytes, 0x3_0000_0005L);
        assertEquals(5, regs.read(0x20));
        values.add(bytes, 7);
        assertEquals(3, regs.read(0x24), "the half that belongs to the low one");
        assertEquals(7, regs.read(0x20), "what came in between is not lost");
        assertEquals(0, regs.read(0x24));
        values.add(bytes, Long.MAX_VALUE / 2);
        assertEquals((1L << 36) - 1, values.value(bytes, 0));
        int _ = regs.read(0x40) + regs.read(0x48);
        values.add(queues, 1, 9);
        assertEquals(0, regs.read(0x40));
        assertEquals(9, regs.read(0x48));
    }

    private static void lines(I2cMemory bus, boolean clock, boolean data) {
        bus.lines(clock, data);
    }

    private static void start(I2cMemory bus) {
        lines(bus, true, true);
        lines(bus, true, false);
        lines(bus, false, false);
    }

    /** Sends a byte; whether it is acknowledged. */
    private static boolean send(I2cMemory bus, int value) {
        for (int bit = 7; bit >= 0; bit--) {
            boolean one = (value >>> bit & 1) != 0;
            lines(bus, false, one);
            lines(bus, true, one);
            lines(bus, false, one);
        }
        lines(bus, false, true);
        lines(bus, true, true);
        boolean acknowledged = !bus.data();
        lines(bus, false, true);
        return acknowledged;
    }

    private static int receive(I2cMemory bus, boolean more) {
        int value = 0;
        for (int bit = 0; bit < 8; bit++) {
            lines(bus, true, true);
            value = value << 1 | (bus.data() ? 1 : 0);
            lines(bus, false, true);
        }
        lines(bus, false, !more);
        lines(bus, true, !more);
        lines(bus, false, !more);
        return value;
    }

    @Test
    void aModuleAnswersOverI2c() {
        I2cMemory bus = new I2cMemory(SfpMemory.shortRange());
        start(bus);
        assertTrue(send(bus, 0xa0));
        assertTrue(send(bus, 37));
        lines(bus, false, true);
        start(bus);
        assertTrue(send(bus, 0xa1));
        assertEquals(0x00, receive(bus, true));
        assertEquals(0x1b, receive(bus, true));
        assertEquals(0x21, receive(bus, false));
        lines(bus, false, false);
        lines(bus, true, false);
        lines(bus, true, true);
        start(bus);
        assertFalse(send(bus, 0xf0), "nobody is there");
        assertTrue(bus.data());
    }

    @Test
    void aPhyNegotiatesWhatIsOffered() {
        Clause45Phy phy = new Clause45Phy(clock, 0x0154_0200, 1_000);
        assertEquals(0x0154, phy.read(1, 2));
        assertEquals(0x8000, phy.read(1, 8) & 0xc000, "a device answers");
        assertEquals(0xffff, phy.read(2, 8), "no such device");
        phy.setCable(true);
        assertFalse(phy.up());
        clock.advance(1_000);
        assertTrue(phy.up());
        assertEquals(10_000, phy.speedMbps());
        phy.write(7, 0x20, 0);
        phy.write(7, 0, 0x1200);
        assertFalse(phy.up(), "it begins anew");
        clock.advance(1_000);
        assertTrue(phy.up());
        assertEquals(1_000, phy.speedMbps());
        phy.write(0x1e, 0, 0x0800);
        assertFalse(phy.up(), "asleep");
        phy.write(0x1e, 0, 0);
        clock.advance(1_000);
        assertTrue(phy.up());
    }
}
