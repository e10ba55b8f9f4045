// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.Firmware;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicEeprom;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/** The NVM: words through EERD, 8.4.2, and the addresses that the reset loaded from it. */
final class IgbNvm extends NicEeprom implements Firmware {
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int LONGEST_RUN = 512;
    private static final int FUNCTION_WORDS = 0x40;
    private static final int CHECKED_WORDS = 0x40;
    private static final int CHECKSUM = 0xbaba;
    private static final int COMPATIBILITY_3 = 0x03;
    private static final int SECTIONS_CHECKED = 1 << 15;
    private static final int ALTERNATE_POINTER = 0x37;
    private static final int MAC_WORDS = 3;
    private static final int ERASED = 0xffff;
    private static final int VERSION = 0x05;
    private static final int TRACK_LOW = 0x42;
    /* The size code counts from 64 words; more than 32768 the driver cannot address. */
    private static final int SMALLEST_SIZE_SHIFT = 6;
    private static final int LARGEST_SIZE_SHIFT = 15;

    private final Registers regs;
    private final IgbChip chip;
    private final IgbSemaphores semaphores;
    private final IgbInvm invm;

    IgbNvm(
            Registers regs,
            String port,
            IgbChip.Model model,
            IgbSemaphores semaphores,
            IgbInvm invm) {
        super(port, IgbChip.VENDOR, model.deviceId());
        this.regs = regs;
        this.chip = model.chip();
        this.semaphores = semaphores;
        this.invm = invm;
    }

    /** How many words the NVM says that it has. */
    static int words(Registers regs) {
        int code = (regs.read(EECD) >>> EECD_SIZE_SHIFT) & EECD_SIZE_MASK;
        return 1 << Math.min(code + SMALLEST_SIZE_SHIFT, LARGEST_SIZE_SHIFT);
    }

    /** Where the words of this function begin, from the 82580 on. */
    static int section(Registers regs) {
        int function = IgbSemaphores.function(regs);
        return function == 0 ? 0 : FUNCTION_WORDS * (function + 1);
    }

    @Override
    public int eepromSize() {
        return 2 * words(regs);
    }

    /** Version and tracking id of the image. */
    @Override
    public String firmwareVersion() {
        if (flashless()) {
            return "iNVM";
        }
        int version = read("firmwareVersion", VERSION, 1)[0];
        int[] track = read("firmwareVersion", TRACK_LOW, 2);
        int id = track[1] << 16 | track[0];
        int minor = (version >>> 4) & 0xff;
        return (version >>> 12) + "." + Integer.toHexString(minor) + ", " + RegisterTable.hex(id);
    }

    /**
     * Words of 16 bits. The semaphore is given back between runs of them: others may take it by
     * force from who keeps it for long.
     */
    @Override
    protected int[] read(String operation, int first, int count) {
        if (flashless()) {
            return IntStream.range(first, first + count)
                    .map(word -> invm.read(operation, word))
                    .toArray();
        }
        int[] words = new int[count];
        for (int done = 0; done < count; done += LONGEST_RUN) {
            int from = done;
            int to = Math.min(count, from + LONGEST_RUN);
            int _ =
                    semaphores.withNvm(
                            operation,
                            () -> {
                                clearErrors();
                                for (int i = from; i < to; i++) {
                                    words[i] = read(operation, first + i);
                                }
                                return to;
                            });
        }
        return words;
    }

    /**
     * Errata of 82580, I350 and I354: an earlier access that went wrong keeps later ones from
     * ending.
     */
    private void clearErrors() {
        int eecd = regs.read(EECD);
        int errors = EECD_BLOCKED | EECD_ABORT | EECD_TIMEOUT;
        if (chip.has(Trait.NVM_ERRORS) && (eecd & errors) != 0) {
            regs.write(EECD, eecd | EECD_ERROR_CLEAR);
        } else if (chip.has(Trait.NVM_BLOCKS) && (eecd & EECD_BLOCKED) != 0) {
            // Written as 1 it is cleared.
            regs.write(EECD, eecd | EECD_BLOCKED);
        }
    }

    /** EERD waits for its turn at the NVM by itself: EECD.REQ is for who drives its pins. */
    private int read(String operation, int word) {
        regs.write(EERD, word << EERD_ADDR_SHIFT | EERD_START);
        regs.await(operation, EERD, 0, EERD_DONE, EERD_DONE, TIMEOUT_MICROS, "an NVM word");
        return regs.read(EERD) >>> EERD_DATA_SHIFT;
    }

    /** Where EERD has nothing to read. */
    private boolean flashless() {
        return IgbInvm.isAll(regs, chip);
    }

    /**
     * Words 0 to 3fh, which are the first function's and what all share, add up to BABAh, 6.4.7; so
     * does the section of this function. An iNVM, which cannot be changed, has no checksum.
     */
    @Override
    protected boolean intact(String operation) {
        if (flashless()) {
            return true;
        }
        int section = section(regs);
        return addsUp(operation, 0)
                && (section == 0 || !sectionsChecked(operation) || addsUp(operation, section));
    }

    /** The 82580 says whether its image has checksums of sections; those of later chips have. */
    private boolean sectionsChecked(String operation) {
        return switch (chip) {
            case E82580 -> (read(operation, COMPATIBILITY_3, 1)[0] & SECTIONS_CHECKED) != 0;
            case I350, I354 -> true;
            case E82576, I210, I211 -> false;
        };
    }

    private boolean addsUp(String operation, int first) {
        int sum = Arrays.stream(read(operation, first, CHECKED_WORDS)).sum();
        return (sum & 0xffff) == CHECKSUM;
    }

    private static MacAddress macOf(int[] words) {
        long bits = 0;
        for (int word : words) {
            bits = bits << 16 | (Short.reverseBytes((short) word) & 0xffffL);
        }
        return new MacAddress(bits);
    }

    /** The alternate address, or else the one that the reset loaded into receive address 0. */
    MacAddress mac() {
        return alternate().orElseGet(this::permanent);
    }

    /**
     * What software that ran before the system wants in place of the permanent address, three words
     * for each function. From the 82580 on the option ROM sees to it, and the reset loads it.
     */
    private Optional<MacAddress> alternate() {
        if (!chip.has(Trait.ALTERNATE_MAC)) {
            return Optional.empty();
        }
        int all = read("open", ALTERNATE_POINTER, 1)[0];
        if (all == 0 || all == ERASED) {
            return Optional.empty();
        }
        int own = all + MAC_WORDS * IgbSemaphores.function(regs);
        return Optional.of(macOf(read("open", own, MAC_WORDS))).filter(MacAddress::valid);
    }

    private MacAddress permanent() {
        MacAddress mac = address(regs.read(RAL, 0), regs.read(RAH, 0));
        return checked(!mac.valid() && flashless() ? macOf(read("open", 0, MAC_WORDS)) : mac);
    }
}
