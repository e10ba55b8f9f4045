// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

/**
 * Commands to the firmware of an X550, through a window of its memory: a head of command, length,
 * zero and checksum, but for those about the NVM, whose length has two bytes. The caller holds the
 * semaphore of what the command is about.
 */
final class IxgbeHostInterface {
    private static final int TIMEOUT_MICROS = 500_000;
    private static final int READ_SHADOW_RAM = 0x31;
    private static final int READ_SHADOW_RAM_BYTES = 6;
    private static final int DISABLE_RXEN = 0xde;
    private static final int DISABLE_RXEN_BYTES = 1;
    private static final int INTERNAL_PHY = 0x0b;
    private static final int INTERNAL_PHY_BYTES = 10;
    private static final int INTERNAL_PHY_WRITE = 1;
    private static final int PHY_ACTIVITY = 0x05;
    private static final int PHY_ACTIVITY_BYTES = 20;
    private static final int PHY_ACTIVITY_WORDS = 4;
    private static final int PHY_ACTIVITY_TRIES = 50;
    private static final int PHY_ACTIVITY_PAUSE_MICROS = 20;
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
        regs.write(FLEX_MNG, 0, head(DISABLE_RXEN, DISABLE_RXEN_BYTES));
        regs.write(FLEX_MNG, 1, function);
        exchange(operation);
        if (!success()) {
            throw failed(operation, "its firmware did not end reception");
        }
    }

    /** Reads a register of the PHY inside an X550EM_a. */
    int readPhy(String operation, int function, int address) {
        internalPhy(operation, function, address, 0);
        return Integer.reverseBytes(regs.read(FLEX_MNG, 1));
    }

    /** Writes a register of the PHY inside an X550EM_a. */
    void writePhy(String operation, int function, int address, int value) {
        // In network order, and two bytes behind the next word's beginning.
        int swapped = Integer.reverseBytes(value);
        regs.write(FLEX_MNG, 2, swapped << 16);
        regs.write(FLEX_MNG, 3, swapped >>> 16);
        internalPhy(operation, function, address, INTERNAL_PHY_WRITE);
    }

    private void internalPhy(String operation, int function, int address, int what) {
        int swapped = Short.reverseBytes((short) address) << 16;
        regs.write(FLEX_MNG, 0, head(INTERNAL_PHY, INTERNAL_PHY_BYTES));
        regs.write(FLEX_MNG, 1, function | what << 8 | swapped);
        exchange(operation);
    }

    /**
     * Has the firmware do something with the PHY outside an X550EM_a; asks again while it is busy.
     *
     * @return the first word of the answer
     * @throws DeviceException when the firmware does not do it
     */
    int actOnPhy(String operation, int function, int activity, int data) {
        for (int i = 0; i < PHY_ACTIVITY_TRIES; i++) {
            regs.write(FLEX_MNG, 0, head(PHY_ACTIVITY, PHY_ACTIVITY_BYTES));
            regs.write(FLEX_MNG, 1, function | activity << 16);
            for (int word = 0; word < PHY_ACTIVITY_WORDS; word++) {
                regs.write(FLEX_MNG, 2 + word, word == 0 ? Integer.reverseBytes(data) : 0);
            }
            exchange(operation);
            if (success()) {
                return Integer.reverseBytes(regs.read(FLEX_MNG, 1));
            }
            Registers.delayMicros(PHY_ACTIVITY_PAUSE_MICROS);
        }
        throw failed(operation, "its firmware did not carry out activity " + activity);
    }

    private static int head(int command, int bytes) {
        return command | bytes << 8 | NO_CHECKSUM << 24;
    }

    private boolean success() {
        return ((regs.read(FLEX_MNG, 0) >>> STATUS_SHIFT) & STATUS_MASK) == STATUS_SUCCESS;
    }

    private void exchange(String operation) {
        // Written as 1 it is cleared: it would tell of a restart of the firmware from before.
        regs.write(FWSTS, regs.read(FWSTS) | FWSTS_FWRI);
        int state = regs.read(HICR);
        if ((state & HICR_EN) == 0) {
            throw failed(operation, "its firmware takes no commands");
        }
        regs.write(HICR, state | HICR_C);
        regs.await(operation, HICR, 0, HICR_C, 0, TIMEOUT_MICROS, "the firmware to answer");
        if ((regs.read(HICR) & HICR_SV) == 0) {
            throw failed(operation, "its firmware refused a command");
        }
    }

    private DeviceException failed(String operation, String what) {
        return new DeviceException(
                operation,
                port,
                what + ", HICR is " + RegisterTable.hex(regs.read(HICR)),
                "cut the card's power");
    }
}
