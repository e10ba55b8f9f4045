// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.Firmware;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicEeprom;

/** The NVM: words through EERD, 8.2.3.2, and the address that the reset loaded from it. */
final class IxgbeNvm extends NicEeprom implements Firmware {
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int LONGEST_RUN = 512;
    private static final int CHECKED_WORDS = 0x40;
    private static final int CHECKSUM = 0xbaba;
    /* Pointers to sections that the checksum covers; the firmware's after them it does not. */
    private static final int FIRST_POINTER = 0x03;
    private static final int PHY_POINTER = 0x04;
    private static final int OPTION_ROM_POINTER = 0x05;
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

    IxgbeNvm(Registers regs, String port, IxgbeChip.Model model, IxgbeSemaphores semaphores) {
        super(port, IxgbeChip.VENDOR, model.deviceId());
        this.regs = regs;
        this.chip = model.chip();
        this.semaphores = semaphores;
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
                                for (int i = from; i < to; i++) {
                                    words[i] = word(operation, first + i);
                                }
                                return to;
                            });
        }
        return words;
    }

    private int word(String operation, int word) {
        regs.write(EERD, word << EERD_ADDR_SHIFT | EERD_START);
        regs.await(operation, EERD, 0, EERD_DONE, EERD_DONE, TIMEOUT_MICROS, "an NVM word");
        return regs.read(EERD) >>> EERD_DATA_SHIFT;
    }

    /** Words 0 to 3fh and the sections that some of them point to add up to BABAh, 6.2. */
    @Override
    protected boolean intact() {
        int[] head = read("read the NVM", 0, CHECKED_WORDS);
        int sum = sum(head);
        for (int pointer = FIRST_POINTER; pointer < FIRMWARE_POINTER; pointer++) {
            boolean covered =
                    chip == IxgbeChip.E82599
                            || (pointer != PHY_POINTER && pointer != OPTION_ROM_POINTER);
            sum += covered ? section(head[pointer]) : 0;
        }
        return (sum & 0xffff) == CHECKSUM;
    }

    /** The sum over a section but for the length that it begins with. */
    private int section(int at) {
        if (at == 0 || at == NOTHING || at >= words()) {
            return 0;
        }
        int length = read("read the NVM", at, 1)[0];
        boolean there = length != 0 && length != NOTHING && at + length < words();
        return there ? sum(read("read the NVM", at + 1, length)) : 0;
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
