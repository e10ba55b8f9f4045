// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.ixgbe.IxgbeChip.Trait;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.Firmware;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicEeprom;

/**
 * The NVM: words through EERD, 8.2.3.2, or in the X550 through its firmware, and the address that
 * the reset loaded from it.
 */
final class IxgbeNvm extends NicEeprom implements Firmware {
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int LONGEST_RUN = IxgbeHostInterface.MOST_WORDS;
    private static final int CHECKED_WORDS = 0x40;
    private static final int CHECKED_WORDS_X550 = 0x42;
    private static final int CHECKSUM = 0xbaba;
    /* Pointers to sections that the checksum covers; the firmware's after them it does not. */
    private static final int FIRST_POINTER = 0x03;
    private static final int FIRST_POINTER_X550 = 0x02;
    private static final int PHY_POINTER = 0x04;
    private static final int OPTION_ROM_POINTER = 0x05;
    private static final int PCIE_GENERAL_POINTER = 0x06;
    private static final int PCIE_GENERAL_WORDS = 0x24;
    private static final int PCIE_FUNCTION_POINTER = 0x07;
    private static final int PCIE_FUNCTION_WORDS = 0x08;
    private static final int FIRMWARE_POINTER = 0x0f;
    private static final int TRACK_LOW = 0x2d;
    private static final int NOTHING = 0xffff;
    private static final int LESM_POINTER = 2;
    private static final int LESM_STATE = 1;
    private static final int LESM_ENABLED = 1 << 15;
    /* The size code counts from 64 words; EERD has 14 bits of address. */
    private static final int SMALLEST_SIZE_SHIFT = 6;
    private static final int LARGEST_SIZE_SHIFT = 14;

    private final Registers regs;
    private final IxgbeChip chip;
    private final IxgbeSemaphores semaphores;
    private final IxgbeHostInterface firmware;

    IxgbeNvm(Registers regs, String port, IxgbeChip.Model model, IxgbeSemaphores semaphores) {
        super(port, IxgbeChip.VENDOR, model.deviceId());
        this.regs = regs;
        this.chip = model.chip();
        this.semaphores = semaphores;
        this.firmware = new IxgbeHostInterface(regs, port);
    }

    private int words() {
        int code = (regs.read(EEC) >>> EEC_SIZE_SHIFT) & EEC_SIZE_MASK;
        return 1 << Math.min(code + SMALLEST_SIZE_SHIFT, LARGEST_SIZE_SHIFT);
    }

    @Override
    public int eepromSize() {
        return 2 * words();
    }

    /** The tracking id of the image. */
    @Override
    public String firmwareVersion() {
        int[] track = read("firmwareVersion", TRACK_LOW, 2);
        return RegisterTable.hex(track[1] << 16 | track[0]);
    }

    /**
     * Words of 16 bits. The semaphore is given back between runs of them: others may take it by
     * force from who keeps it for long.
     */
    @Override
    protected int[] read(String operation, int first, int count) {
        int[] words = new int[count];
        for (int done = 0; done < count; done += LONGEST_RUN) {
            int from = done;
            int to = Math.min(count, from + LONGEST_RUN);
            int _ =
                    semaphores.withNvm(
                            operation,
                            () -> {
                                readRun(operation, first, words, from, to);
                                return to;
                            });
        }
        return words;
    }

    private void readRun(String operation, int first, int[] words, int from, int to) {
        if (chip.has(Trait.FIRMWARE_COMMANDS)) {
            int[] run = firmware.readNvm(operation, first + from, to - from);
            System.arraycopy(run, 0, words, from, run.length);
            return;
        }
        for (int i = from; i < to; i++) {
            words[i] = word(operation, first + i);
        }
    }

    private int word(String operation, int word) {
        regs.write(EERD, word << EERD_ADDR_SHIFT | EERD_START);
        regs.await(operation, EERD, 0, EERD_DONE, EERD_DONE, TIMEOUT_MICROS, "an NVM word");
        return regs.read(EERD) >>> EERD_DATA_SHIFT;
    }

    /** The first words and the sections that some of them point to add up to BABAh, 6.2. */
    @Override
    protected boolean intact(String operation) {
        boolean x550 = chip.has(Trait.FIRMWARE_COMMANDS);
        int[] head = read(operation, 0, x550 ? CHECKED_WORDS_X550 : CHECKED_WORDS);
        int sum = sum(head);
        int first = x550 ? FIRST_POINTER_X550 : FIRST_POINTER;
        for (int pointer = first; pointer < FIRMWARE_POINTER; pointer++) {
            boolean covered =
                    !chip.has(Trait.REGSMP)
                            || (pointer != PHY_POINTER && pointer != OPTION_ROM_POINTER);
            sum += covered ? section(operation, head[pointer], x550 ? sizeX550(pointer) : 0) : 0;
        }
        return (sum & 0xffff) == CHECKSUM;
    }

    /** In the X550 the sections about PCIe have no length in front. */
    private static int sizeX550(int pointer) {
        return switch (pointer) {
            case PCIE_GENERAL_POINTER -> PCIE_GENERAL_WORDS;
            case PCIE_FUNCTION_POINTER, PCIE_FUNCTION_POINTER + 1 -> PCIE_FUNCTION_WORDS;
            default -> 0;
        };
    }

    /** The sum over a section but for the length that it begins with, where it has no fixed one. */
    private int section(String operation, int at, int fixed) {
        if (at == 0 || at == NOTHING || at >= words()) {
            return 0;
        }
        if (fixed != 0) {
            return sum(read(operation, at, fixed));
        }
        int length = read(operation, at, 1)[0];
        boolean there = length != 0 && length != NOTHING && at + length < words();
        return there ? sum(read(operation, at + 1, length)) : 0;
    }

    private static int sum(int[] words) {
        int sum = 0;
        for (int word : words) {
            sum += word;
        }
        return sum;
    }

    /** Whether firmware establishes the link (LESM), and changes AUTOC to that end. */
    boolean firmwareSetsLink(String operation) {
        int firmware = read(operation, FIRMWARE_POINTER, 1)[0];
        if (firmware == 0 || firmware == NOTHING || firmware + LESM_POINTER >= words()) {
            return false;
        }
        int lesm = read(operation, firmware + LESM_POINTER, 1)[0];
        return lesm != 0
                && lesm != NOTHING
                && lesm + LESM_STATE < words()
                && (read(operation, lesm + LESM_STATE, 1)[0] & LESM_ENABLED) != 0;
    }

    /** The address that the reset loaded into receive address 0. */
    MacAddress mac() {
        return checked(address(regs.read(RAL, 0), regs.read(RAH, 0)));
    }
}
