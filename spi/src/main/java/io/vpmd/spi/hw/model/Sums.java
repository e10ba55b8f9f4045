// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/** Checksums and hashes over plain bytes, as devices compute them. */
public final class Sums {
    private static final int CRC32C = 0x82f6_3b78;
    private static final int[] CRC_TABLE = crcTable();

    private Sums() {}

    /** The folded ones' complement sum of big-endian 16-bit words, added to {@code initial}. */
    public static int internet(byte[] bytes, int from, int to, int initial) {
        long sum = initial;
        int i = from;
        for (; i + 1 < to; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
        }
        if (i < to) {
            sum += (bytes[i] & 0xff) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    /** The sum of a pseudo-header: addresses, protocol, length of transport header and data. */
    public static int pseudoHeader(FrameHeaders h, byte[] frame, int length) {
        int at = h.addresses();
        return internet(frame, at, at + h.addressBytes(), h.protocol() + length);
    }

    private static int[] crcTable() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int c = i;
            for (int k = 0; k < 8; k++) {
                c = (c & 1) != 0 ? c >>> 1 ^ CRC32C : c >>> 1;
            }
            table[i] = c;
        }
        return table;
    }

    /** SCTP's checksum (RFC 4960, appendix B) as it stands in the packet, field taken as 0. */
    public static int sctp(byte[] bytes, int from, int to) {
        int crc = -1;
        for (int i = from; i < to; i++) {
            int b = i >= from + 8 && i < from + 12 ? 0 : bytes[i];
            crc = crc >>> 8 ^ CRC_TABLE[(crc ^ b) & 0xff];
        }
        return Integer.reverseBytes(~crc);
    }

    /**
     * The Toeplitz hash of bytes, with a key of 40.
     *
     * @param hash what the bytes before gave, 0 at the start
     * @param done how many bytes were before
     */
    public static int toeplitz(byte[] key, byte[] bytes, int from, int length, int hash, int done) {
        int result = hash;
        long window = 0;
        for (int i = 0; i < 8; i++) {
            window = window << 8 | (keyByte(key, done + i) & 0xff);
        }
        for (int i = 0; i < length; i++) {
            int b = bytes[from + i];
            for (int bit = 7; bit >= 0; bit--) {
                if ((b >>> bit & 1) != 0) {
                    result ^= (int) (window >>> (25 + bit));
                }
            }
            window = window << 8 | (keyByte(key, done + i + 8) & 0xff);
        }
        return result;
    }

    private static int keyByte(byte[] key, int i) {
        return i < key.length ? key[i] : 0;
    }
}
