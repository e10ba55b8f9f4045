// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.PortException;

/**
 * Bytes of a memory that a device gives in words of 16 bits, the lower byte first.
 *
 * @param port name for messages
 * @param bytes how many there are
 */
public record WordMemory(String port, int bytes) {
    /** Reads words. */
    @FunctionalInterface
    public interface Words {
        /** The words {@code first} to {@code first + count - 1}. */
        int[] read(int first, int count);
    }

    /**
     * Reads {@code length} bytes from {@code offset} on.
     *
     * @throws PortException when they are not all there
     */
    public byte[] read(String operation, int offset, int length, Words words) {
        if (offset < 0 || length < 0 || length > bytes - offset) {
            throw new PortException(
                    operation,
                    port,
                    length + " bytes from " + offset + " are not within its " + bytes,
                    "ask for fewer");
        }
        int first = offset / 2;
        int[] some = words.read(first, (offset + length + 1) / 2 - first);
        byte[] read = new byte[length];
        for (int i = 0; i < length; i++) {
            int word = some[(offset + i) / 2 - first];
            read[i] = (byte) ((offset + i) % 2 == 0 ? word : word >>> 8);
        }
        return read;
    }
}
