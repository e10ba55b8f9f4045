// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

import java.util.OptionalInt;

/**
 * The iNVM of I210 and I211: 64 words of 32 bits, written once in the factory, which stand for the
 * NVM where there is no flash. They hold records; the one that says "NVM word a is d" is
 *
 * <pre>
 *   31            16 15        9 8     3 2    0
 *   +---------------+-----------+-------+------+
 *   |       d       |     a     |       |   1  |
 *   +---------------+-----------+-------+------+
 * </pre>
 */
final class IgbInvm {
    private static final int TYPE_MASK = 7;
    private static final int UNWRITTEN = 0;
    private static final int WORD = 1;
    private static final int REGISTER = 2;
    private static final int KEY = 4;
    private static final int REGISTER_DATA = 1;
    private static final int KEY_DATA = 8;
    private static final int ADDRESS_SHIFT = 9;
    private static final int ADDRESS_MASK = 0x7f;
    private static final int DATA_SHIFT = 16;
    private static final int ERASED = 0xffff;
    private static final int MAC_WORDS = 3;

    private final Registers regs;
    private final ConfigSpace config;
    private final String port;

    IgbInvm(Registers regs, ConfigSpace config, String port) {
        this.regs = regs;
        this.config = config;
        this.port = port;
    }

    /** Whether this is all that a device has. */
    static boolean isAll(Registers regs, IgbChip chip) {
        return chip.has(Trait.INVM) && (regs.read(EECD) & EECD_FLASH_DETECTED) == 0;
    }

    /** What a record says of an NVM word. */
    OptionalInt find(int address) {
        for (int i = 0; i < INVM_DATA.count(); i++) {
            int record = regs.read(INVM_DATA, i);
            switch (record & TYPE_MASK) {
                case UNWRITTEN -> {
                    return OptionalInt.empty();
                }
                case WORD -> {
                    if (((record >>> ADDRESS_SHIFT) & ADDRESS_MASK) == address) {
                        return OptionalInt.of(record >>> DATA_SHIFT);
                    }
                }
                // Their data must not be taken for records.
                case REGISTER -> i += REGISTER_DATA;
                case KEY -> i += KEY_DATA;
                default -> {}
            }
        }
        return OptionalInt.empty();
    }

    /** An NVM word: of the record, or what the chip takes when there is none. */
    int read(String operation, int address) {
        OptionalInt word = find(address);
        if (word.isPresent()) {
            return word.getAsInt();
        }
        if (address < MAC_WORDS) {
            throw new DeviceException(
                    operation,
                    port,
                    "neither flash nor iNVM holds its address",
                    "open it with mac=02:00:00:00:00:01 or another one of yours");
        }
        return switch (address) {
            case 0x0b -> config.read(ConfigSpace.SUBSYSTEM_ID, 2);
            case 0x0c -> config.read(ConfigSpace.SUBSYSTEM_VENDOR_ID, 2);
            case 0x0d -> config.deviceId();
            case 0x0e -> config.vendorId();
            // Initialization control 2 and 4, the lights.
            case 0x0f -> 0x7243;
            case 0x13 -> 0x00c1;
            case 0x1c -> 0x0184;
            case 0x1f -> 0x200c;
            default -> ERASED;
        };
    }
}
