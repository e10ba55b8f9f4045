// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/** The destination of a frame as the filters of the gigabit and ten-gigabit families see it. */
public final class Destination {
    /** What it is. */
    public static final int UNICAST = 0;

    public static final int MULTICAST = 1;
    public static final int BROADCAST = 2;

    /** Lowest bit of the address that is hashed, for each value of the field MO. */
    private static final int[] OFFSETS = {36, 35, 34, 32};

    private Destination() {}

    public static int kind(byte[] frame) {
        if ((frame[0] & 1) == 0) {
            return UNICAST;
        }
        for (int i = 0; i < 6; i++) {
            if (frame[i] != -1) {
                return MULTICAST;
            }
        }
        return BROADCAST;
    }

    /** The first four bytes, as RAL holds them. */
    public static int low(byte[] frame) {
        int low = 0;
        for (int i = 3; i >= 0; i--) {
            low = low << 8 | (frame[i] & 0xff);
        }
        return low;
    }

    /** The last two bytes, as RAH holds them. */
    public static int high(byte[] frame) {
        return (frame[5] & 0xff) << 8 | (frame[4] & 0xff);
    }

    /** Which of the 4096 bits of a hash table the address chooses. */
    public static int hash(byte[] frame, int offset) {
        return high(frame) >>> (OFFSETS[offset] - 32) & 0xfff;
    }
}
