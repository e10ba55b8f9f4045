// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Registers;

import org.junit.jupiter.api.Test;

import java.util.OptionalInt;

/** The I2C bus of a module, against a slave that goes by the edges of the two lines (T0). */
class IxgbeI2cTest {
    private static final int I2CCTL = 0x28;
    private static final int SWSM = 0x10140;
    private static final int SYNC = 0x10160;

    private final Slave slave = new Slave();
    private final Registers regs = new Registers(slave, "port");
    private final IxgbeI2c i2c =
            new IxgbeI2c(regs, "port", new IxgbeSemaphores(regs, "port", IxgbeChip.E82599));

    /** A memory of 256 bytes at A0h, and the semaphores in front of the pins. */
    private static final class Slave extends Mmio {
        private boolean clock = true;
        private boolean data = true;
        private boolean low;
        private boolean stuck;
        private boolean busy;
        private boolean sending;
        private boolean turn;
        private int bit;
        private int shifted;
        private int received;
        private int offset;
        private int current;
        private int swsm;
        private int sync;

        @Override
        public long size() {
            return 0x20000;
        }

        @Override
        public int read(int at) {
            if (at == SWSM) {
                int was = swsm;
                swsm |= 1;
                return was;
            }
            if (at == SYNC) {
                return sync;
            }
            int in = (clock && !stuck ? 1 : 0) | (data && !low ? 4 : 0);
            return at == I2CCTL ? in | (clock ? 2 : 0) | (data ? 8 : 0) : 0;
        }

        @Override
        public void write(int at, int value) {
            if (at == SWSM) {
                swsm = value;
            } else if (at == SYNC) {
                sync = value;
            } else if (at == I2CCTL) {
                assertEquals(2, sync & 2, "the pins are moved under the semaphore of the PHY");
                lines((value & 2) != 0, (value & 8) != 0);
            }
        }

        private void lines(boolean newClock, boolean newData) {
            if (clock && newClock && data != newData) {
                busy = !newData;
                bit = 0;
                received = 0;
                sending = false;
                low = false;
            } else if (busy && !clock && newClock) {
                rise(newData);
            } else if (busy && clock && !newClock) {
                fall();
            }
            clock = newClock;
            data = newData;
        }

        private void rise(boolean line) {
            bit++;
            if (!sending && bit <= 8) {
                shifted = ((shifted << 1) | (line ? 1 : 0)) & 0xff;
            } else if (sending && bit == 9 && line) {
                busy = false;
            }
        }

        private void fall() {
            if (bit == 8) {
                low = !sending && acknowledged();
            } else if (bit == 9) {
                bit = 0;
                low = false;
                sending |= turn;
                turn = false;
                if (sending) {
                    current = memory(offset++);
                }
            }
            if (sending && bit < 8) {
                low = ((current >>> (7 - bit)) & 1) == 0;
            }
        }

        private boolean acknowledged() {
            if (received++ == 0) {
                busy = (shifted & 0xfe) == 0xa0;
                turn = busy && (shifted & 1) != 0;
            } else {
                offset = shifted;
            }
            return busy;
        }

        private static int memory(int at) {
            return (at * 37 + 5) & 0xff;
        }
    }

    @Test
    void wordsAreReadFromAnyOffset() {
        for (int at : new int[] {0, 2, 96, 254}) {
            int wanted = Slave.memory(at) | Slave.memory(at + 1) << 8;
            assertEquals(OptionalInt.of(wanted), i2c.word("test", 0xa0, at), "at " + at);
        }
        assertEquals(0, slave.sync, "the semaphore is given back");
        assertTrue(slave.clock && slave.data, "the bus is free");
    }

    @Test
    void nobodyAnswersAtAnotherAddress() {
        assertEquals(OptionalInt.empty(), i2c.word("test", 0xa2, 0));
        assertTrue(i2c.word("test", 0xa0, 0).isPresent(), "the bus works afterwards");
    }

    @Test
    void aClockThatIsHeldDownIsATypedError() {
        slave.stuck = true;
        DeviceException e = assertThrows(DeviceException.class, () -> i2c.word("test", 0xa0, 0));
        assertTrue(e.getMessage().contains("release the I2C clock"), e::getMessage);
        assertEquals(0, slave.sync, "the semaphore is given back");
        slave.stuck = false;
        assertTrue(i2c.word("test", 0xa0, 0).isPresent(), "the bus works afterwards");
    }
}
