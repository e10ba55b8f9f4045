// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.util.OptionalInt;

/** The PCI configuration space of a device, with the parts that every driver needs. */
public abstract class ConfigSpace {
    public static final int VENDOR_ID = 0x00;
    public static final int DEVICE_ID = 0x02;
    public static final int COMMAND = 0x04;
    public static final int STATUS = 0x06;
    public static final int REVISION_ID = 0x08;
    public static final int SUBSYSTEM_VENDOR_ID = 0x2c;
    public static final int SUBSYSTEM_ID = 0x2e;
    public static final int COMMAND_MEMORY = 1 << 1;
    public static final int COMMAND_BUS_MASTER = 1 << 2;
    public static final int CAPABILITY_EXPRESS = 0x10;
    public static final int CAPABILITY_MSIX = 0x11;

    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int CAPABILITIES_POINTER = 0x34;
    /* What fits behind the header at 4 bytes each: a list that is longer has a loop. */
    private static final int MAX_CAPABILITIES = 48;

    /** A space for implementations. */
    protected ConfigSpace() {}

    /** The little-endian value of 1, 2 or 4 bytes at {@code offset}, unsigned below 4 bytes. */
    public abstract int read(int offset, int bytes);

    /** Writes 1, 2 or 4 bytes at {@code offset}. */
    public abstract void write(int offset, int bytes, int value);

    public final int vendorId() {
        return read(VENDOR_ID, 2);
    }

    public final int deviceId() {
        return read(DEVICE_ID, 2);
    }

    /** Whether the device may read and write memory; off, none of its DMA reaches memory. */
    public final void setBusMaster(boolean on) {
        int command = read(COMMAND, 2);
        int wanted =
                on ? command | COMMAND_BUS_MASTER | COMMAND_MEMORY : command & ~COMMAND_BUS_MASTER;
        if (wanted != command) {
            write(COMMAND, 2, wanted);
        }
    }

    public final boolean busMaster() {
        return (read(COMMAND, 2) & COMMAND_BUS_MASTER) != 0;
    }

    /** Offset of the first capability with this id. */
    public final OptionalInt capability(int id) {
        if ((read(STATUS, 2) & STATUS_CAPABILITIES) == 0) {
            return OptionalInt.empty();
        }
        int at = read(CAPABILITIES_POINTER, 1) & 0xfc;
        for (int i = 0; at != 0 && i < MAX_CAPABILITIES; i++) {
            if (read(at, 1) == id) {
                return OptionalInt.of(at);
            }
            at = read(at + 1, 1) & 0xfc;
        }
        return OptionalInt.empty();
    }
}
