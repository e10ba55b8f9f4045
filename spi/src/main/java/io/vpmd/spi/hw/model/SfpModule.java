// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * The memories of an optical SFP module for 10 and 1 Gbit/s over short range, after SFF-8472: what
 * it is at A0h, what it measures at A2h.
 */
public final class SfpModule {
    public static final int IDENTITY = 0xa0;
    public static final int DIAGNOSIS = 0xa2;

    private static final int BYTES = 256;
    private static final int VENDOR = 20;
    private static final int NAME = 40;
    private static final int NAME_BYTES = 16;
    private static final int SERIAL = 68;

    private SfpModule() {}

    /** Both memories by their addresses. */
    public static Map<Integer, byte[]> memories() {
        return Map.of(IDENTITY, identity(), DIAGNOSIS, diagnosis());
    }

    private static byte[] identity() {
        byte[] m = new byte[BYTES];
        // SFP, by its two wires, LC; 10GBASE-SR and 1000BASE-SX; 64B/66B, 10.3 Gbit/s.
        put(m, 0, 0x03, 0x04, 0x07, 0x10, 0, 0, 0x01, 0, 0, 0, 0, 0x06, 103);
        // 80 m over 50/125, 30 m over 62.5/125.
        put(m, 16, 8, 3);
        text(m, VENDOR, "Model");
        put(m, 37, 0x00, 0x1b, 0x21);
        text(m, NAME, "SR-LC");
        // 850 nm.
        put(m, 60, 0x03, 0x52);
        put(m, 63, sum(m, 0, 63));
        // Rate select, transmitter can be disabled, faults are told.
        put(m, 65, 0x1a);
        text(m, SERIAL, "0000000001");
        put(m, 92, 0x68, 0xf0, 0x03);
        put(m, 95, sum(m, 64, 95));
        return m;
    }

    private static byte[] diagnosis() {
        byte[] m = new byte[BYTES];
        // 35 degrees, 3.3 V, 6 mA, 0.5 mW out and in.
        put(m, 96, 35, 0, 0x80, 0xe8, 0x0b, 0xb8, 0x13, 0x88, 0x13, 0x88);
        return m;
    }

    private static void put(byte[] m, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            m[at + i] = (byte) values[i];
        }
    }

    private static void text(byte[] m, int at, String text) {
        Arrays.fill(m, at, at + NAME_BYTES, (byte) ' ');
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, m, at, bytes.length);
    }

    private static int sum(byte[] m, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += m[i];
        }
        return sum;
    }
}
