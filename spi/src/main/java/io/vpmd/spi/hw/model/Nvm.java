// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.MacAddress;

/** The words of a non-volatile memory, 16 bits each. */
public final class Nvm {
    private static final int ERASED = 0xffff;

    private final short[] words;

    /** A memory as it is delivered: all bits set. */
    public Nvm(int size) {
        words = new short[size];
        java.util.Arrays.fill(words, (short) ERASED);
    }

    public int size() {
        return words.length;
    }

    /** The word at an address; those behind the end read as erased ones. */
    public int word(int address) {
        return address < words.length ? words[address] & 0xffff : ERASED;
    }

    public Nvm put(int address, int... values) {
        for (int i = 0; i < values.length; i++) {
            words[address + i] = (short) values[i];
        }
        return this;
    }

    /** An address in three words, first byte in the low half of the first. */
    public Nvm putMac(int address, MacAddress mac) {
        byte[] b = mac.bytes();
        for (int i = 0; i < 3; i++) {
            words[address + i] = (short) ((b[2 * i] & 0xff) | b[2 * i + 1] << 8);
        }
        return this;
    }

    /** Sets the word at {@code address} so that it and all before it add up to {@code sum}. */
    public Nvm seal(int address, int sum) {
        return seal(0, address, sum);
    }

    /** The same for the words from {@code from} on. */
    public Nvm seal(int from, int address, int sum) {
        int all = 0;
        for (int i = from; i < address; i++) {
            all += words[i];
        }
        words[address] = (short) (sum - all);
        return this;
    }
}
