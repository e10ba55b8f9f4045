// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;

/** The NVM: words through EERD, 8.4.2, and the addresses that the reset loaded from it. */
final class IgbNvm {
    private static final int TIMEOUT_MICROS = 10_000;
    private static final int CHECKS = 2;
    private static final int CHECKED_WORDS = 0x40;
    private static final int CHECKSUM = 0xbaba;

    private final Registers regs;
    private final String port;

    IgbNvm(Registers regs, String port) {
        this.regs = regs;
        this.port = port;
    }

    /** The 16-bit word at {@code word}. */
    int read(int word) {
        regs.write(EERD, word << EERD_ADDR_SHIFT | EERD_START);
        regs.await("read the NVM", EERD, 0, EERD_DONE, EERD_DONE, TIMEOUT_MICROS, "an NVM word");
        return regs.read(EERD) >>> EERD_DATA_SHIFT;
    }

    /** Words 0 to 3fh add up to BABAh, 6.4.7. */
    boolean intact() {
        int sum = 0;
        for (int i = 0; i < CHECKED_WORDS; i++) {
            sum += read(i);
        }
        return (sum & 0xffff) == CHECKSUM;
    }

    /**
     * Checks twice: with the link asleep the first may fail on this family.
     *
     * @throws DeviceException when both fail
     */
    void check() {
        for (int i = 0; i < CHECKS; i++) {
            if (intact()) {
                return;
            }
        }
        throw new DeviceException(
                "open",
                port,
                "the checksum of its NVM is wrong",
                "repair it with the vendor's tool, or open it with nvm=unchecked");
    }

    /** The address that the reset loaded into receive address 0. */
    MacAddress mac() {
        long low = Integer.reverseBytes(regs.read(RAL, 0)) & 0xffff_ffffL;
        long high = Short.reverseBytes((short) regs.read(RAH, 0)) & 0xffffL;
        MacAddress mac = new MacAddress(low << 16 | high);
        if (!mac.valid()) {
            throw new DeviceException(
                    "open",
                    port,
                    "its NVM holds no address (" + mac + ")",
                    "open it with mac=02:00:00:00:00:01 or another one of yours");
        }
        return mac;
    }
}
