// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

/**
 * Commands to the firmware of an X550, through a window of its memory. The caller holds the
 * semaphore of what the command is about.
 */
final class IxgbeHostInterface {
    private static final int TIMEOUT_MICROS = 500_000;
    private static final int READ_SHADOW_RAM = 0x31;
    private static final int READ_SHADOW_RAM_BYTES = 6;
    private static final int DISABLE_RXEN = 0xde;
    private static final int DISABLE_RXEN_BYTES = 1;
    /* In place of a checksum over the command. */
    private static final int NO_CHECKSUM = 0xff;
    private static final int DATA_AT = 3;
    private static final int STATUS_SHIFT = 16;
    private static final int STATUS_MASK = 0xff;
    private static final int STATUS_SUCCESS = 1;

    /** Words of the NVM that one command reads. */
    static final int MOST_WORDS = 512;

    private final Registers regs;
    private final String port;

    IxgbeHostInterface(Registers regs, String port) {
        this.regs = regs;
        this.port = port;
    }

    /** Reads words of the NVM as the firmware has them, at most {@link #MOST_WORDS}. */
    int[] readNvm(String operation, int first, int count) {
        regs.write(FLEX_MNG, 0, READ_SHADOW_RAM | READ_SHADOW_RAM_BYTES << 16 | NO_CHECKSUM << 24);
        // Addresses and lengths are in bytes, and in network order.
        regs.write(FLEX_MNG, 1, Integer.reverseBytes(2 * first));
        regs.write(FLEX_MNG, 2, Short.reverseBytes((short) (2 * count)) & 0xffff);
        regs.write(FLEX_MNG, 3, 0);
        exchange(operation);
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            int both = regs.read(FLEX_MNG, DATA_AT + i / 2);
            words[i] = (i % 2 == 0 ? both : both >>> 16) & 0xffff;
        }
        return words;
    }

    /**
     * Ends reception of a function, of which firmware may be in the midst too.
     *
     * @throws DeviceException when the firmware does not do it
     */
    void disableReceiver(String operation, int function) {
        regs.write(FLEX_MNG, 0, DISABLE_RXEN | DISABLE_RXEN_BYTES << 16 | NO_CHECKSUM << 24);
        regs.write(FLEX_MNG, 1, function);
        exchange(operation);
        int answer = regs.read(FLEX_MNG, 0);
        if (((answer >>> STATUS_SHIFT) & STATUS_MASK) != STATUS_SUCCESS) {
            throw failed(operation, "its firmware did not end reception", answer);
        }
    }

    private void exchange(String operation) {
        // Written as 1 it is cleared: it would tell of a restart of the firmware from before.
        regs.write(FWSTS, regs.read(FWSTS) | FWSTS_FWRI);
        int state = regs.read(HICR);
        if ((state & HICR_EN) == 0) {
            throw failed(operation, "its firmware takes no commands", state);
        }
        regs.write(HICR, state | HICR_C);
        regs.await(operation, HICR, 0, HICR_C, 0, TIMEOUT_MICROS, "the firmware to answer");
        int after = regs.read(HICR);
        if ((after & HICR_SV) == 0) {
            throw failed(operation, "its firmware refused a command", after);
        }
    }

    private DeviceException failed(String operation, String what, int state) {
        return new DeviceException(
                operation,
                port,
                what + ", HICR is " + RegisterTable.hex(state),
                "cut the card's power");
    }
}
