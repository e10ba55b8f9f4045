// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;

/**
 * The two hashes of a packet that the flow director finds signature filters by, 7.1.2.7: with
 * FDIRHKEY the bucket, with FDIRSKEY what tells the filters of a bucket apart. Both are of one
 * stream of words, of which the masks take out what does not count.
 *
 * <pre>
 *   pool u8, type u8, VLAN tag u16      type: IPv6 in bit 2, 1 UDP, 2 TCP, 3 SCTP
 *   destination address, 4 words        of IPv4 the first
 *   source address, 4 words
 *   source port u16, destination port u16
 *   flexible bytes u16, 0 u16
 * </pre>
 */
final class IxgbeModelFlowHash {
    private static final int ADDRESS_BYTES = 16;
    private static final int TYPE_IPV6 = 4;
    private static final int TYPE_UDP = 1;
    private static final int TYPE_TCP = 2;
    private static final int TYPE_SCTP = 3;
    private static final int TAG_ID = 0x0fff;
    private static final int TAG_PRIORITY = 0xe000;
    private static final int MASK_VLAN_ID = 1;
    private static final int MASK_VLAN_PRIORITY = 1 << 1;
    private static final int MASK_TYPE = 1 << 3;
    private static final int MASK_FLEX = 1 << 4;
    private static final int MASK_DESTINATION_IPV6 = 1 << 5;
    private static final int FLEX_SHIFT = 16;
    private static final int FLEX_WORDS = 0x1f;
    private static final int SIGNATURE = 0x7fff;

    private final RegisterFile regs;

    IxgbeModelFlowHash(RegisterFile regs) {
        this.regs = regs;
    }

    /**
     * Both hashes as FDIRHASH has them.
     *
     * @param tag of the packet, 0 for none
     * @param buckets mask of a bucket's number
     */
    int of(FrameHeaders h, byte[] frame, int tag, int buckets) {
        int masks = regs.get(FDIRM);
        int type = h.tcp() ? TYPE_TCP : h.udp() ? TYPE_UDP : h.sctp() ? TYPE_SCTP : 0;
        int common = addresses(h, frame, masks);
        if (type != 0) {
            common ^= word(frame, h.l4()) & ~portMask(regs, type);
        }
        if ((masks & MASK_FLEX) == 0) {
            int at = 2 * (regs.get(FDIRCTRL) >>> FLEX_SHIFT & FLEX_WORDS);
            common ^= word(frame, at) & 0xffff_0000;
        }
        int first = tag & tagBits(masks);
        first |= ((masks & MASK_TYPE) == 0 ? type | (h.ipv6() ? TYPE_IPV6 : 0) : 0) << 16;
        int bucket = hash(regs.get(FDIRHKEY), first, common) & buckets;
        return (hash(regs.get(FDIRSKEY), first, common) & SIGNATURE) << 16 | bucket;
    }

    /** Bits of a tag that count. */
    static int tagBits(int masks) {
        return ((masks & MASK_VLAN_ID) == 0 ? TAG_ID : 0)
                | ((masks & MASK_VLAN_PRIORITY) == 0 ? TAG_PRIORITY : 0);
    }

    /** Each 1 is a bit of source and destination port, from the top, that does not count. */
    private static int portMask(RegisterFile regs, int type) {
        Register r = type == TYPE_TCP ? FDIRTCPM : type == TYPE_UDP ? FDIRUDPM : FDIRSCTPM;
        // The halves of the register are in the reverse order of bits, the destination above.
        return Integer.reverse(regs.get(r));
    }

    private int addresses(FrameHeaders h, byte[] frame, int masks) {
        int at = h.addresses();
        if (h.ipv4()) {
            int source = word(frame, at) & ~Integer.reverseBytes(regs.get(FDIRSIP4M));
            int destination = word(frame, at + 4) & ~Integer.reverseBytes(regs.get(FDIRDIP4M));
            return source ^ destination;
        }
        int both = 0;
        int bytes = regs.get(FDIRIP6M);
        for (int i = 0; i < ADDRESS_BYTES; i += 4) {
            both ^= word(frame, at + i) & kept(bytes, i);
            if ((masks & MASK_DESTINATION_IPV6) == 0) {
                both ^= word(frame, at + ADDRESS_BYTES + i) & kept(bytes >>> ADDRESS_BYTES, i);
            }
        }
        return both;
    }

    /** FDIRIP6M has a bit for each byte that does not count. */
    private static int kept(int mask, int from) {
        int word = 0;
        for (int i = from; i < from + 4; i++) {
            word = word << 8 | ((mask >>> i & 1) != 0 ? 0 : 0xff);
        }
        return word;
    }

    /** As on the wire, the first byte the highest. */
    private static int word(byte[] frame, int at) {
        int word = 0;
        for (int i = at; i < at + 4; i++) {
            word = word << 8 | (i < frame.length ? frame[i] & 0xff : 0);
        }
        return word;
    }

    /** Each bit of the key that is set adds the stream from there on. */
    private static int hash(int key, int first, int common) {
        int high = common ^ first ^ (first >>> 16);
        int low = Integer.rotateLeft(common, 16);
        int hash = 0;
        for (int bit = 0; bit < 16; bit++) {
            hash ^= (key >>> bit & 1) != 0 ? low >>> bit : 0;
            hash ^= (key >>> (bit + 16) & 1) != 0 ? high >>> bit : 0;
            if (bit == 0) {
                // The stream begins behind the first word and comes around to it.
                low ^= first ^ (first << 16);
            }
        }
        return hash;
    }
}
