// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

/**
 * A register, or an array of equal ones, of a device's table.
 *
 * @param name as the data sheet has it
 * @param offset bytes from the start of the BAR
 * @param stride bytes from one of the array to the next
 * @param count how many there are
 * @param split how many of them are there; the others go on at {@code second}
 * @param second offset of number {@code split}
 * @param access who may do what
 * @param meaning a few words
 */
public record Register(
        String name,
        int offset,
        int stride,
        int count,
        int split,
        int second,
        Access access,
        String meaning) {

    /** A register, or an array in one place. */
    public Register(String name, int offset, int stride, int count, Access access, String meaning) {
        this(name, offset, stride, count, count, 0, access, meaning);
    }

    /** Access modes in data sheet words. */
    public enum Access {
        RO,
        RW,
        WO,
        /** Cleared by being read: only the owner of the counter or cause may. */
        RC
    }

    /** Offset of number {@code index} of the array. */
    public int at(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(name + "[" + index + "] of " + count);
        }
        return index < split ? offset + index * stride : second + (index - split) * stride;
    }

    @Override
    public String toString() {
        return name;
    }
}
