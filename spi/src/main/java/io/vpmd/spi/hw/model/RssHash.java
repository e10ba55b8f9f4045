// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;

/**
 * The hash of receive-side scaling in the gigabit and ten-gigabit families, which have the fields
 * of MRQC and the hash types in common. One thread; allocates nothing.
 */
public final class RssHash {
    private static final int TCP_IPV4 = 1 << 16;
    private static final int IPV4 = 1 << 17;
    private static final int IPV6_ANY = 1 << 19 | 1 << 20;
    private static final int TCP_IPV6_ANY = 1 << 18 | 1 << 21;
    private static final int UDP_IPV4 = 1 << 22;
    private static final int UDP_IPV6_ANY = 1 << 23 | 1 << 24;
    private static final int TYPE_TCP_IPV4 = 1;
    private static final int TYPE_IPV4 = 2;
    private static final int TYPE_TCP_IPV6 = 3;
    private static final int TYPE_IPV6 = 5;
    private static final int TYPE_UDP_IPV4 = 7;
    private static final int TYPE_UDP_IPV6 = 8;

    private final byte[] key = new byte[40];
    private int type;
    private int hash;

    /** A hash whose key is what is written to {@code rssrk}. */
    public RssHash(RegisterFile regs, Register rssrk) {
        regs.onWrite(
                rssrk,
                (index, _, written) -> {
                    for (int i = 0; i < 4; i++) {
                        key[4 * index + i] = (byte) (written >>> (8 * i));
                    }
                    return written;
                });
    }

    /**
     * Computes type and hash of a frame whose headers are known.
     *
     * @param fields of MRQC: what is hashed; 0 for nothing
     */
    public void compute(FrameHeaders h, byte[] frame, int fields) {
        type = type(h, fields);
        hash = 0;
        if (type != 0) {
            int n = h.addressBytes();
            hash = Sums.toeplitz(key, frame, h.addresses(), n, 0, 0);
            if (type != TYPE_IPV4 && type != TYPE_IPV6) {
                hash = Sums.toeplitz(key, frame, h.l4(), 4, hash, n);
            }
        }
    }

    private static int type(FrameHeaders h, int fields) {
        if (h.ipv4()) {
            if (h.tcp() && (fields & TCP_IPV4) != 0) {
                return TYPE_TCP_IPV4;
            }
            if (h.udp() && (fields & UDP_IPV4) != 0) {
                return TYPE_UDP_IPV4;
            }
            return (fields & IPV4) != 0 ? TYPE_IPV4 : 0;
        }
        if (!h.ipv6()) {
            return 0;
        }
        if (h.tcp() && (fields & TCP_IPV6_ANY) != 0) {
            return TYPE_TCP_IPV6;
        }
        if (h.udp() && (fields & UDP_IPV6_ANY) != 0) {
            return TYPE_UDP_IPV6;
        }
        return (fields & IPV6_ANY) != 0 ? TYPE_IPV6 : 0;
    }

    /** As the descriptor has it, 0 for none. */
    public int type() {
        return type;
    }

    public int hash() {
        return hash;
    }
}
