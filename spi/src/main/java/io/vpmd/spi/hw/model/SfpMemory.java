// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.nio.charset.StandardCharsets;

/** The bytes of an SFP module, SFF-8472: who it is, and what it measures. */
public final class SfpMemory {
    /** What it answers at: A0h for who it is, A2h for what it measures. */
    public static final int PAGES = 2;

    private static final int PAGE = 256;
    private static final int CC_BASE = 63;
    private static final int CC_EXT = 95;

    private final byte[] bytes = new byte[PAGES * PAGE];

    private SfpMemory() {}

    /** A module of 1000BASE-SX, 850 nm, that measures 25 degrees, 3.3 V, 6 mA and 0.5 mW. */
    public static SfpMemory shortWave() {
        SfpMemory m = new SfpMemory();
        // 1000BASE-SX, 8B/10B, 1300 Mbaud.
        m.put(6, 1).put(11, 1, 13);
        // Units of 10 m: 550 m of 50 um fibre, 270 m of 62.5 um.
        m.put(16, 55, 27).put(40, "SX-MODEL", 16);
        return m.finish();
    }

    /** The same for 10GBASE-SR too, with a maker that drivers of Intel's cards accept. */
    public static SfpMemory shortRange() {
        SfpMemory m = new SfpMemory();
        // 10GBASE-SR and 1000BASE-SX, 64B/66B, 10300 Mbaud.
        m.put(3, 0x10).put(6, 1).put(11, 6, 103);
        // Units of 10 m: 80 m of 50 um fibre, 30 m of 62.5 um.
        m.put(16, 8, 3).put(37, 0x00, 0x1b, 0x21).put(40, "SR-MODEL", 16);
        return m.finish();
    }

    /** What modules of 850 nm have in common. */
    private SfpMemory finish() {
        // SFP, by its serial interface, LC.
        put(0, 3, 4, 7).put(20, "vpmd", 16).put(56, "1", 4);
        put(60, 850 >>> 8, 850 & 0xff);
        seal(0, CC_BASE);
        // Loss of signal and transmit disable; date; diagnostics calibrated inside, revision 9.5.
        put(64, 0, 0x12).put(68, "0001", 16).put(84, "250101", 8).put(92, 0x68, 0, 3);
        seal(CC_BASE + 1, CC_EXT);
        put16(PAGE + 96, 25 << 8, 33_000, 3_000, 5_000, 5_000);
        seal(PAGE, PAGE + CC_EXT);
        return this;
    }

    private SfpMemory put(int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        return this;
    }

    /** The higher byte first. */
    private void put16(int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            put(at + 2 * i, values[i] >>> 8, values[i]);
        }
    }

    private SfpMemory put(int at, String text, int length) {
        byte[] padded = text.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < length; i++) {
            bytes[at + i] = i < padded.length ? padded[i] : (byte) ' ';
        }
        return this;
    }

    /** Check code: the lowest byte of the sum. */
    private void seal(int from, int at) {
        int sum = 0;
        for (int i = from; i < at; i++) {
            sum += bytes[i];
        }
        bytes[at] = (byte) sum;
    }

    /** A byte. */
    public int read(int page, int offset) {
        return bytes[PAGE * page + offset % PAGE] & 0xff;
    }

    /** The byte at {@code offset}, and 256 times the next one. */
    public int word(int page, int offset) {
        return read(page, offset) | read(page, offset + 1) << 8;
    }
}
