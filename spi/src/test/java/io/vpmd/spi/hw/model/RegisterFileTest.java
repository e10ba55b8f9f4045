// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

import org.junit.jupiter.api.Test;

import java.util.Set;

class RegisterFileTest {
    private final RegisterTable table = new RegisterTable();
    private final Register plain = table.rw("PLAIN", 0x00, "");
    private final Register fixed = table.ro("FIXED", 0x04, "");
    private final Register command = table.wo("COMMAND", 0x08, "");
    private final Register count = table.rc("COUNT", 0x0c, "");
    private final Register cause = table.rc("CAUSE", 0x10, "");
    private final Register tail = table.rw("TAIL", 0x40, 0x20, 4, "");
    private final Violations violations = new Violations();
    private int rings;
    private final RegisterFile regs =
            new RegisterFile(table, 0x200, this, () -> rings++, violations);

    @Test
    void reservedBitsKeepTheirValue() {
        regs.initial(plain, 0xa5).writable(plain, 0x0f);
        regs.write(0, -1);
        assertEquals(0xaf, regs.read(0));
        regs.reset(plain);
        assertEquals(0xa5, regs.read(0));
    }

    @Test
    void accessModesHold() {
        regs.set(fixed, 7);
        regs.write(4, 1);
        assertEquals(7, regs.read(4));
        regs.set(count, 5);
        assertEquals(5, regs.read(0xc));
        assertEquals(0, regs.read(0xc));
        regs.write(8, 3);
        assertEquals(3, regs.get(command));
        assertEquals(0, regs.read(8));
        assertEquals(Set.of("write to FIXED, which is read-only"), violations.all().keySet());
    }

    @Test
    void onesClear() {
        regs.clearedByOnes(cause, -1);
        regs.set(cause, 0xff);
        regs.write(0x10, 0x0f);
        assertEquals(0xf0, regs.get(cause));
        assertEquals(0xf0, regs.read(0x10));
        assertEquals(0, regs.get(cause));
        assertTrue(violations.all().isEmpty(), violations::toString);
    }

    @Test
    void hooksSeeIndexAndValues() {
        regs.onRead(tail, (index, stored) -> stored + index);
        regs.onWrite(tail, (index, stored, written) -> stored * 100 + written * 10 + index);
        regs.write(0x60, 2);
        regs.write(0x60, 3);
        assertEquals(21 * 100 + 30 + 1, regs.get(tail, 1));
        assertEquals(2132, regs.read(0x60));
        assertEquals(0, regs.get(tail, 0));
    }

    @Test
    void doorbellsRingWithoutTheLock() throws InterruptedException {
        regs.doorbell(tail);
        Thread writer = new Thread(() -> regs.write(0xa0, 9));
        synchronized (this) {
            writer.start();
            writer.join(10_000);
        }
        assertEquals(9, regs.get(tail, 3));
        assertEquals(1, rings);
    }

    @Test
    void aliasesAreTheSameRegister() {
        regs.alias(0x100, tail, 2);
        regs.write(0x100, 5);
        assertEquals(5, regs.read(0x80));
    }

    @Test
    void whatIsNotThereDoesNoHarm() {
        assertEquals(0, regs.read(0x1f0));
        regs.write(0x1f0, 1);
        regs.write(0x1_0000, 1);
        assertEquals(0, regs.read(-4));
        assertEquals(0, regs.read(2));
        assertEquals(3, violations.all().size(), violations::toString);
        assertEquals(2, regs.unknown().all().size(), regs.unknown()::toString);
    }

    @Test
    void aRemovedDeviceReadsAsAllOnes() {
        regs.remove();
        regs.write(0, 1);
        assertEquals(-1, regs.read(0));
        assertEquals(0, regs.get(plain));
    }
}
