// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.PortException;

import org.junit.jupiter.api.Test;

class RegistersTest {
    private final RegisterTable table = new RegisterTable();
    private final Register ready = table.ro("READY", 0, "whether it is ready");
    private final Register count = table.rc("COUNT", 4, "what it has counted");
    private final Register base = table.rw("BASE", 0x100, 0x40, 4, "ring base");
    private final int[] words = new int[0x100];
    private int readsUntilReady;
    private final Registers regs =
            new Registers(
                    new Mmio() {
                        @Override
                        public long size() {
                            return words.length * 4L;
                        }

                        @Override
                        public int read(int offset) {
                            if (offset == 0 && readsUntilReady > 0 && --readsUntilReady == 0) {
                                words[0] |= 2;
                            }
                            return words[offset / 4];
                        }

                        @Override
                        public void write(int offset, int value) {
                            words[offset / 4] = value;
                        }
                    },
                    "net_test:0");

    @Test
    void aWaitEndsWhenTheRegisterIsThere() {
        readsUntilReady = 5;
        regs.await("start", ready, 0, 2, 2, 1_000_000, "readiness");
        assertEquals(2, words[0]);
    }

    @Test
    void aWaitThatIsOverSaysForWhat() {
        PortException e =
                assertThrows(
                        DeviceException.class,
                        () -> regs.await("start", ready, 0, 2, 2, 500, "readiness"));
        assertEquals(
                "start net_test:0: waited 500 us for readiness, READY is 0x00000000;"
                        + " reset the device (close and open the port)",
                e.getMessage());
        assertFalse(regs.reaches("start", ready, 0, 2, 2, 500));
    }

    @Test
    void aDeviceThatIsGoneEndsAWaitAtOnce() {
        words[0] = -1;
        PortException e =
                assertThrows(
                        DeviceException.class,
                        () -> regs.await("start", ready, 0, 2, 2, 60_000_000, "readiness"));
        assertTrue(e.getMessage().contains("gone"), e::getMessage);
    }

    @Test
    void clearOnReadRegistersAreNotReadByAccident() {
        words[1] = 7;
        assertThrows(IllegalArgumentException.class, () -> regs.read(count));
        assertEquals(7, regs.readAndClear(count, 0));
    }

    @Test
    void anIndexOutsideAnArrayIsRefused() {
        regs.write(base, 3, 5);
        assertEquals(5, words[(0x100 + 3 * 0x40) / 4]);
        assertThrows(IndexOutOfBoundsException.class, () -> regs.write(base, 4, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> regs.read(base, -1));
    }

    @Test
    void bitsAreChangedAloneAndAddressesInHalves() {
        words[0x40] = 0b1010;
        regs.change(base, 0, 0b0010, 0b0101);
        assertEquals(0b1101, words[0x40]);
        Register high = table.rw("HIGH", 0x104, 0x40, 4, "the other half");
        regs.writeAddress(base, high, 1, 0x1234_5678_9abc_def0L);
        assertEquals(0x9abc_def0, words[0x50]);
        assertEquals(0x1234_5678, words[0x51]);
    }

    @Test
    void aRegisterIsInATableOnce() {
        assertThrows(IllegalArgumentException.class, () -> table.rw("READY", 8, "again"));
    }
}
