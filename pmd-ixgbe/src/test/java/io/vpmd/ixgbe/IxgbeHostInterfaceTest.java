// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import org.junit.jupiter.api.Test;

import java.util.function.IntSupplier;

/** The NVM of an X550 through its firmware, which is a few lines here (T0). */
class IxgbeHostInterfaceTest {
    private static final int EEC = 0x10010;
    private static final int WINDOW = 0x15800;
    private static final int STATUS = 0x00008;
    private static final int FWSTS = 0x15f0c;
    private static final int HICR = 0x15f00;
    private static final int WORDS = 0x400;

    private static final class Firmware extends SemaphoreMmio {
        private final int[] nvm = new int[WORDS];
        private final int[] window = new int[448];
        private int hicr = 1;
        private boolean refuses;
        private int commands;
        private int fwsts;
        private int answer = 1;

        @Override
        int get(int at) {
            return switch (at) {
                case EEC -> 4 << 11;
                case FWSTS -> 0x0211;
                case STATUS -> 1 << 2;
                case HICR -> hicr;
                default -> at >= WINDOW && at < WINDOW + 4 * 448 ? window[(at - WINDOW) / 4] : 0;
            };
        }

        @Override
        void put(int at, int value) {
            switch (at) {
                case FWSTS -> fwsts = value;
                case HICR -> command();
                default -> window[(at - WINDOW) / 4] = value;
            }
        }

        private void command() {
            commands++;
            assertEquals(0x0211, fwsts, "FWRI is cleared first");
            fwsts = 0;
            if ((window[0] & 0xff) == 0xde) {
                assertEquals(0x400, sync & 0x401, "under the semaphore of the window");
                assertEquals(0xff00_01de, window[0]);
                assertEquals(1, window[1], "the function");
                window[0] = 0xff00_01de | (answer << 16);
                hicr = 5;
                return;
            }
            assertEquals(0x401, sync & 0x401, "under the semaphores of NVM and window");
            assertEquals(0xff06_0031, window[0]);
            int bytes = Integer.reverseBytes(window[1]);
            int length = Short.reverseBytes((short) window[2]) & 0xffff;
            assertTrue(length <= 1024 && window[2] >>> 16 == 0);
            for (int i = 0; i < length / 2; i++) {
                int at = 3 + i / 2;
                int word = nvm[bytes / 2 + i];
                window[at] = i % 2 == 0 ? word : window[at] | word << 16;
            }
            hicr = refuses ? 1 : 5;
        }
    }

    private final Firmware firmware = new Firmware();
    private final Registers regs = new Registers(firmware, "port");
    private final IxgbeNvm nvm =
            new IxgbeNvm(
                    regs,
                    "port",
                    IxgbeChip.model(0x8086, 0x1563).orElseThrow(),
                    new IxgbeSemaphores(regs, "port", IxgbeChip.X550));

    @Test
    void wordsComeInRunsThatOneCommandHolds() {
        for (int i = 0; i < WORDS; i++) {
            firmware.nvm[i] = (i * 257 + 3) & 0xffff;
        }
        assertArrayEquals(firmware.nvm, nvm.read("test", 0, WORDS));
        assertEquals(2, firmware.commands);
        assertEquals(firmware.nvm[7], nvm.read("test", 7, 1)[0]);
        assertEquals(0, firmware.sync, "the semaphores are given back");
    }

    @Test
    void theChecksumCoversSectionsOfFixedAndOfOwnLength() {
        firmware.nvm[0x02] = 0x100;
        firmware.nvm[0x100] = 2;
        firmware.nvm[0x101] = 0x1111;
        firmware.nvm[0x102] = 0x2222;
        firmware.nvm[0x06] = 0x200;
        firmware.nvm[0x223] = 0x0333;
        firmware.nvm[0x04] = 0x300;
        firmware.nvm[0x300] = 1;
        firmware.nvm[0x301] = 0x7777;
        firmware.nvm[0x41] = 5;
        int sum = 0x100 + 0x200 + 0x300 + 5 + 0x1111 + 0x2222 + 0x0333;
        firmware.nvm[0x3f] = (0xbaba - sum) & 0xffff;
        assertTrue(nvm.intact("open"));
        firmware.nvm[0x301] = 1;
        assertTrue(nvm.intact("open"), "that of the PHY is not covered");
        firmware.nvm[0x223]++;
        assertFalse(nvm.intact("open"));
    }

    @Test
    void theFirmwareEndsReception() {
        IxgbeSemaphores semaphores = new IxgbeSemaphores(regs, "port", IxgbeChip.X550);
        IxgbeHostInterface commands = new IxgbeHostInterface(regs, "port");
        IntSupplier end =
                () -> {
                    commands.disableReceiver("stop", IxgbeSemaphores.function(regs));
                    return 0;
                };
        assertEquals(0, semaphores.withFirmware("stop", end));
        assertEquals(1, firmware.commands);
        firmware.answer = 2;
        DeviceException e =
                assertThrows(DeviceException.class, () -> semaphores.withFirmware("stop", end));
        assertTrue(e.getMessage().contains("did not end reception"), e::getMessage);
        assertEquals(0, firmware.sync, "the semaphore is given back");
    }

    @Test
    void refusalsAreTypedErrors() {
        firmware.refuses = true;
        DeviceException refused = assertThrows(DeviceException.class, () -> nvm.read("test", 0, 1));
        assertTrue(refused.getMessage().contains("refused a command"), refused::getMessage);
        firmware.hicr = 0;
        DeviceException off = assertThrows(DeviceException.class, () -> nvm.read("test", 0, 1));
        assertTrue(off.getMessage().contains("takes no commands"), off::getMessage);
        assertEquals(0, firmware.sync, "the semaphores are given back");
    }
}
