// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.hw.Registers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

/** The semaphores on registers in memory, where SMBI is set by a read as on the chips (T0). */
@Timeout(60)
class IgbSemaphoresTest {
    private static final int STATUS = 0x08;
    private static final int EECD = 0x10;
    private static final int SWSM = 0x5b50;
    private static final int SYNC = 0x5b5c;

    private final List<Integer> seen = new ArrayList<>();
    private int swsm;
    private int sync;
    private int function;
    private boolean firmwareHolds;
    private boolean othersHold;

    private final class Space extends Mmio {
        @Override
        public long size() {
            return 0x20000;
        }

        @Override
        public int read(int offset) {
            return switch (offset) {
                case STATUS -> function << 2;
                case EECD -> 0;
                case SYNC -> sync;
                case SWSM -> {
                    int now = othersHold ? swsm | 1 : swsm;
                    swsm |= 1;
                    yield now;
                }
                default -> throw new AssertionError("read at " + offset);
            };
        }

        @Override
        public void write(int offset, int value) {
            switch (offset) {
                case SWSM -> swsm = firmwareHolds ? value & ~2 : value;
                case SYNC -> {
                    assertEquals(3, swsm & 3, "SW_FW_SYNC is written without SWSM");
                    sync = value;
                    seen.add(value);
                }
                default -> throw new AssertionError("write at " + offset);
            }
        }
    }

    private IgbSemaphores semaphores(IgbChip chip) {
        return new IgbSemaphores(new Registers(new Space(), "port"), "port", chip);
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 4", "2, 20", "3, 40"})
    void thePhyOfEachFunctionHasABit(int number, String bit) {
        function = number;
        int held = semaphores(IgbChip.I350).withPhy("link", () -> sync | (swsm & 3) << 16);
        assertEquals(Integer.parseInt(bit, 16), held, "and SWSM is not held meanwhile");
        assertEquals(List.of(Integer.parseInt(bit, 16), 0), seen);
        assertEquals(0, swsm & 3);
    }

    @Test
    void anAccessWithinAnotherTakesNothing() {
        IgbSemaphores s = semaphores(IgbChip.E82576);
        assertEquals(7, s.withNvm("a", () -> s.withNvm("b", () -> 7)));
        assertEquals(List.of(1, 0), seen);
    }

    @Test
    void whatFailsGivesBackToo() {
        IgbSemaphores s = semaphores(IgbChip.E82576);
        assertThrows(
                IllegalStateException.class,
                () ->
                        s.withNvm(
                                "a",
                                () -> {
                                    throw new IllegalStateException();
                                }));
        assertEquals(0, sync);
        assertEquals(0, swsm & 3);
    }

    @ParameterizedTest
    @CsvSource({"10000, the firmware", "1, another driver"})
    void whoHoldsTheNvmForLongIsNamed(String bits, String holder) {
        sync = Integer.parseInt(bits, 16);
        IgbSemaphores s = semaphores(IgbChip.E82576);
        DeviceException e = assertThrows(DeviceException.class, () -> s.withNvm("open", () -> 0));
        assertEquals("open", e.operation());
        assertTrue(e.getMessage().contains(holder), e::getMessage);
        assertTrue(e.getMessage().contains("NVM"), e::getMessage);
        assertEquals(0, swsm & 3, "SWSM is given back");
        assertEquals(Integer.parseInt(bits, 16), sync);
    }

    @Test
    void firmwareThatKeepsSwsmIsAnErrorAndSmbiIsGivenBack() {
        firmwareHolds = true;
        IgbSemaphores s = semaphores(IgbChip.E82576);
        DeviceException e = assertThrows(DeviceException.class, () -> s.withPhy("link", () -> 0));
        assertTrue(e.getMessage().contains("waited 100000 us for the firmware"), e::getMessage);
        firmwareHolds = false;
        assertEquals(1, s.withPhy("link", () -> 1));
    }

    @Test
    void anotherDriverThatKeepsSmbiIsAnError() {
        othersHold = true;
        IgbSemaphores s = semaphores(IgbChip.E82576);
        assertThrows(DeviceException.class, () -> s.withPhy("link", () -> 0));
    }

    @Test
    void i210TakesSmbiByForceOnceAndWaitsForTheWordsOfItsNvm() {
        IgbSemaphores s = semaphores(IgbChip.I210);
        swsm = 1;
        assertEquals(1, s.withPhy("link", () -> 1));
        swsm = 1;
        DeviceException e = assertThrows(DeviceException.class, () -> s.withPhy("link", () -> 1));
        assertTrue(e.getMessage().contains("waited 3250 us"), e::getMessage);
    }

    @Test
    void leftOversOfTheDriverAreFreedAndFirmwaresAreNot() {
        function = 1;
        swsm = 3;
        sync = 0x0023_0027;
        semaphores(IgbChip.E82576).freeLeftOvers("open");
        // The PHYs of functions 0 and 2 are theirs.
        assertEquals(0x0023_0022, sync);
        assertEquals(0, swsm & 3);
    }
}
