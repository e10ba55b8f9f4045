// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.WordMemory;

/** An NVM of words of 16 bits with a checksum. */
public abstract class NicEeprom implements Eeprom {
    private static final int CHECKS = 2;

    private final String port;
    private final int magic;

    /** The NVM of a device with these ids, of the port with this name. */
    protected NicEeprom(String port, int vendorId, int deviceId) {
        this.port = port;
        this.magic = vendorId | deviceId << 16;
    }

    /** Reads words. */
    protected abstract int[] read(String operation, int first, int count);

    /** Whether the checksum is right. */
    protected abstract boolean intact(String operation);

    @Override
    public final int eepromMagic() {
        return magic;
    }

    @Override
    public final byte[] readEeprom(int offset, int length) {
        return new WordMemory(port, eepromSize())
                .read(
                        "readEeprom",
                        offset,
                        length,
                        (first, count) -> read("readEeprom", first, count));
    }

    /**
     * Checks twice: with the link asleep the first may fail.
     *
     * @throws DeviceException when both fail
     */
    public final void check() {
        for (int i = 0; i < CHECKS; i++) {
            if (intact("open")) {
                return;
            }
        }
        throw new DeviceException(
                "open",
                port,
                "the checksum of its NVM is wrong",
                "repair it with the vendor's tool, or open it with nvm=unchecked");
    }

    /** The address in a pair of receive address registers, the first byte lowest. */
    public static MacAddress address(int low, int high) {
        long first = Integer.reverseBytes(low) & 0xffff_ffffL;
        return new MacAddress(first << 16 | (Short.reverseBytes((short) high) & 0xffffL));
    }

    /**
     * An address that was found.
     *
     * @throws DeviceException when it is none
     */
    protected final MacAddress checked(MacAddress mac) {
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
