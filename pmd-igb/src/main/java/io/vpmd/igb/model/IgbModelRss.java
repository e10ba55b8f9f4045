// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Sums;

/** Receive-side scaling, 7.1.2.8: the type of the hash, the hash, the queue. */
final class IgbModelRss {
    private static final int ENABLE = 7;
    private static final int ENABLE_RSS = 2;
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

    private final RegisterFile regs;
    private final int queues;
    private final byte[] key = new byte[40];
    private int type;
    private int hash;

    IgbModelRss(IgbModel model) {
        regs = model.registers();
        queues = model.chip().queues;
        regs.onWrite(
                RSSRK,
                (index, _, written) -> {
                    for (int i = 0; i < 4; i++) {
                        key[4 * index + i] = (byte) (written >>> (8 * i));
                    }
                    return written;
                });
    }

    /** Computes type and hash of a frame whose headers are known. */
    void compute(FrameHeaders h, byte[] frame) {
        int mrqc = regs.get(MRQC);
        type = (mrqc & ENABLE) == ENABLE_RSS ? type(h, mrqc) : 0;
        hash = 0;
        if (type != 0) {
            int n = h.addressBytes();
            hash = Sums.toeplitz(key, frame, h.addresses(), n, 0, 0);
            if (type != TYPE_IPV4 && type != TYPE_IPV6) {
                hash = Sums.toeplitz(key, frame, h.l4(), 4, hash, n);
            }
        }
    }

    private static int type(FrameHeaders h, int mrqc) {
        if (h.ipv4()) {
            if (h.tcp() && (mrqc & TCP_IPV4) != 0) {
                return TYPE_TCP_IPV4;
            }
            if (h.udp() && (mrqc & UDP_IPV4) != 0) {
                return TYPE_UDP_IPV4;
            }
            return (mrqc & IPV4) != 0 ? TYPE_IPV4 : 0;
        }
        if (!h.ipv6()) {
            return 0;
        }
        if (h.tcp() && (mrqc & TCP_IPV6_ANY) != 0) {
            return TYPE_TCP_IPV6;
        }
        if (h.udp() && (mrqc & UDP_IPV6_ANY) != 0) {
            return TYPE_UDP_IPV6;
        }
        return (mrqc & IPV6_ANY) != 0 ? TYPE_IPV6 : 0;
    }

    /** As the descriptor has it, 0 for none. */
    int type() {
        return type;
    }

    int hash() {
        return hash;
    }

    /** Where the frame goes; without a hash that is MRQC's default queue, or 0. */
    int queue() {
        int mrqc = regs.get(MRQC);
        if (type == 0) {
            return (mrqc & ENABLE) == ENABLE_RSS ? 0 : mrqc >>> 3 & 7;
        }
        int entry = hash & 127;
        int queue = regs.get(RETA, entry >>> 2) >>> (8 * (entry & 3)) & 0xf;
        return queue < queues ? queue : 0;
    }
}
