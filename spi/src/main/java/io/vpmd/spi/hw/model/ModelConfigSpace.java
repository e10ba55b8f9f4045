// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.ConfigSpace;

import java.util.function.IntConsumer;

/**
 * The configuration space of a model: what a driver may change and what not. A device that was
 * removed reads as all ones. Any thread.
 */
public final class ModelConfigSpace extends ConfigSpace {
    /** Bytes of the space. */
    public static final int SIZE = 256;

    /** How many BARs a device may have. */
    public static final int BARS = 6;

    private static final int CLASS_CODE = 0x09;
    private static final int BAR0 = 0x10;
    private static final int CAPABILITIES = 0x34;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    /* I/O, memory, bus master, parity, SERR, INTx disable. */
    private static final int COMMAND_WRITABLE = 0x0547;
    private static final int MSIX_ENABLE_AND_MASK = 0xc000;

    private final byte[] bytes = new byte[SIZE];
    private final byte[] writable = new byte[SIZE];
    private final int[] barBytes = new int[BARS];
    private int last = CAPABILITIES;
    private volatile IntConsumer onCommand = command -> {};
    private volatile boolean gone;

    /** An Ethernet device with these ids, without BARs and capabilities. */
    public ModelConfigSpace(int vendor, int device, int revision, int subVendor, int subDevice) {
        put(VENDOR_ID, 2, vendor);
        put(DEVICE_ID, 2, device);
        put(REVISION_ID, 1, revision);
        put(CLASS_CODE, 3, 0x020000);
        put(SUBSYSTEM_VENDOR_ID, 2, subVendor);
        put(SUBSYSTEM_ID, 2, subDevice);
        allow(COMMAND, 2, COMMAND_WRITABLE);
    }

    /** Makes a 32-bit memory BAR; its size is a power of two from 16 on. */
    public ModelConfigSpace bar(int number, int size) {
        allow(BAR0 + 4 * number, 4, -size);
        barBytes[number] = size;
        return this;
    }

    /** Bytes of a BAR, 0 when the device has none of that number. */
    public int barBytes(int number) {
        return barBytes[number];
    }

    /**
     * Appends a capability.
     *
     * @param at its offset, a multiple of 4 from 0x40 on
     * @param body what follows the id and the pointer to the next one
     */
    public ModelConfigSpace capability(int id, int at, byte... body) {
        put(STATUS, 2, value(STATUS, 2) | STATUS_CAPABILITIES);
        put(last, 1, at);
        last = at + 1;
        put(at, 1, id);
        System.arraycopy(body, 0, bytes, at + 2, body.length);
        return this;
    }

    /** The capability of MSI-X with its table at the start of a BAR and the pending bits behind. */
    public ModelConfigSpace msix(int at, int vectors, int bar, int pendingOffset) {
        capability(CAPABILITY_MSIX, at);
        put(at + 2, 2, vectors - 1);
        put(at + 4, 4, bar);
        put(at + 8, 4, pendingOffset | bar);
        allow(at + 2, 2, MSIX_ENABLE_AND_MASK);
        return this;
    }

    /** Called with the command register at each write of it, on the writing thread. */
    void onCommand(IntConsumer listener) {
        onCommand = listener;
    }

    void remove() {
        gone = true;
    }

    /** As after power-on, for a reset of the function. */
    synchronized void reset() {
        put(COMMAND, 2, 0);
        onCommand.accept(0);
    }

    private void allow(int offset, int width, int mask) {
        for (int i = 0; i < width; i++) {
            writable[offset + i] = (byte) (mask >>> (8 * i));
        }
    }

    private void put(int offset, int width, int value) {
        for (int i = 0; i < width; i++) {
            bytes[offset + i] = (byte) (value >>> (8 * i));
        }
    }

    private int value(int offset, int width) {
        int v = 0;
        for (int i = width - 1; i >= 0; i--) {
            v = v << 8 | (bytes[offset + i] & 0xff);
        }
        return v;
    }

    @Override
    public synchronized int read(int offset, int width) {
        if (gone || offset < 0 || offset > SIZE - width) {
            return width == 4 ? -1 : (1 << (8 * width)) - 1;
        }
        return value(offset, width);
    }

    @Override
    public void write(int offset, int width, int value) {
        int command;
        synchronized (this) {
            if (gone || offset < 0 || offset > SIZE - width) {
                return;
            }
            for (int i = 0; i < width; i++) {
                int mask = writable[offset + i];
                int b = (bytes[offset + i] & ~mask) | ((value >>> (8 * i)) & mask);
                bytes[offset + i] = (byte) b;
            }
            command = value(COMMAND, 2);
        }
        if (offset <= COMMAND + 1 && offset + width > COMMAND) {
            onCommand.accept(command);
        }
    }
}
