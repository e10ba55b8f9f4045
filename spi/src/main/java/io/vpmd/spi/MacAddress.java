// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An Ethernet address.
 *
 * @param value its 48 bits, the first byte on the wire in bits 47 to 40
 */
public record MacAddress(long value) {
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("a MAC address has 48 bits");
        }
    }

    /**
     * Reads {@code 02:00:00:00:00:01}; dashes do as well.
     *
     * @throws IllegalArgumentException when it is not six bytes in hexadecimal
     */
    public static MacAddress parse(String text) {
        if (!text.matches("(?i)[0-9a-f]{2}([:-][0-9a-f]{2}){5}")) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a MAC address such as 02:00:00:00:00:01");
        }
        return new MacAddress(Long.parseLong(text.replaceAll("[:-]", ""), 16));
    }

    /** The address in {@code bytes[at]} to {@code bytes[at + 5]}. */
    public static MacAddress of(byte[] bytes, int at) {
        long v = 0;
        for (int i = 0; i < 6; i++) {
            v = v << 8 | (bytes[at + i] & 0xff);
        }
        return new MacAddress(v);
    }

    /** A random unicast address of the locally administered range. */
    public static MacAddress random() {
        long bits = ThreadLocalRandom.current().nextLong() & 0xfcff_ffff_ffffL;
        return new MacAddress(bits | 0x0200_0000_0000L);
    }

    public byte[] bytes() {
        byte[] b = new byte[6];
        for (int i = 0; i < 6; i++) {
            b[i] = (byte) (value >>> (40 - 8 * i));
        }
        return b;
    }

    /** Whether the group bit is set; broadcast is a multicast address too. */
    public boolean multicast() {
        return (value & 0x0100_0000_0000L) != 0;
    }

    /** Whether a port can have it: neither multicast nor zero. */
    public boolean valid() {
        return value != 0 && !multicast();
    }

    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(17);
        for (byte b : bytes()) {
            s.append(s.isEmpty() ? "" : ":").append(String.format(Locale.ROOT, "%02x", b));
        }
        return s.toString();
    }
}
