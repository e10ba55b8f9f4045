// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.util.Arrays;

/** Pause frames of IEEE 802.3 annex 31B, without their check sequence. */
public final class PauseFrame {
    public static final int LENGTH = 60;

    /** How long the partner is silent for each unit that a frame asks for, at one gigabit. */
    public static final int QUANTUM_NANOS = 512;

    private static final int[] ADDRESS = {0x01, 0x80, 0xc2, 0x00, 0x00, 0x01};
    private static final int MAC_CONTROL = 0x8808;
    private static final int PAUSE = 1;

    private PauseFrame() {}

    /** Whether a frame is one of MAC control that goes to the pause address. */
    public static boolean control(byte[] bytes, int at, int length) {
        if (length < 18 || word16(bytes, at + 12) != MAC_CONTROL) {
            return false;
        }
        for (int i = 0; i < ADDRESS.length; i++) {
            if (bytes[at + i] != (byte) ADDRESS[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether a frame of MAC control is a pause frame. */
    public static boolean pause(byte[] bytes, int at) {
        return word16(bytes, at + 14) == PAUSE;
    }

    /** The quanta that a pause frame asks for. */
    public static int quanta(byte[] bytes, int at) {
        return word16(bytes, at + 16);
    }

    /**
     * Makes a frame.
     *
     * @param low the sender's address as RAL holds it
     * @param high the same as RAH holds it
     */
    public static void fill(byte[] into, int low, int high, int quanta) {
        Arrays.fill(into, 0, LENGTH, (byte) 0);
        for (int i = 0; i < ADDRESS.length; i++) {
            into[i] = (byte) ADDRESS[i];
            into[6 + i] = (byte) (i < 4 ? low >>> (8 * i) : high >>> (8 * (i - 4)));
        }
        put16(into, 12, MAC_CONTROL);
        put16(into, 14, PAUSE);
        put16(into, 16, quanta);
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    private static int word16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
