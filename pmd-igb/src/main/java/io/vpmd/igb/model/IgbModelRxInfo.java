// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Sums;

/** What the device finds out about a received packet: the two words of 7.1.5.2. */
final class IgbModelRxInfo {
    private static final int TYPE_IPV4 = 1;
    private static final int TYPE_IPV4_OPTIONS = 1 << 1;
    private static final int TYPE_IPV6 = 1 << 2;
    private static final int TYPE_IPV6_EXTENSIONS = 1 << 3;
    private static final int TYPE_TCP = 1 << 4;
    private static final int TYPE_UDP = 1 << 5;
    private static final int TYPE_SCTP = 1 << 6;
    private static final int STATUS_VP = 1 << 3;
    private static final int STATUS_UDPCS = 1 << 4;
    private static final int STATUS_L4I = 1 << 5;
    private static final int STATUS_IPCS = 1 << 6;
    private static final int STATUS_VEXT = 1 << 9;
    private static final long STATUS_LB = 1L << 18;
    private static final long ERROR_L4E = 1L << 29;
    private static final long ERROR_IPE = 1L << 30;

    private final IgbModel model;
    private final RegisterFile regs;
    private final IgbModelFilters filters;
    private final IgbModelRss rss;
    private final FrameHeaders headers = new FrameHeaders();
    private long status;
    private long firstWord;
    private long tag;

    IgbModelRxInfo(IgbModel model, IgbModelFilters filters) {
        this.model = model;
        this.filters = filters;
        regs = model.registers();
        rss = new IgbModelRss(model);
    }

    /**
     * Looks at a frame, and takes its tag out where that is asked for.
     *
     * @return the length that is left
     */
    int look(byte[] frame, int length) {
        status = model.link().loopback() ? STATUS_LB : 0;
        tag = 0;
        int outer = filters.outerTags(frame, length);
        int at = filters.tag(frame, length);
        int left = length;
        int tags = outer + (at >= 0 ? 1 : 0);
        status |= outer != 0 ? STATUS_VEXT : 0;
        if (at >= 0) {
            status |= STATUS_VP;
            tag = word16(frame, at + 2);
            if ((regs.get(CTRL) & CTRL_VME) != 0) {
                System.arraycopy(frame, at + 4, frame, at, length - at - 4);
                left -= 4;
                tags--;
            } else {
                // VP and the tag are there only when it was taken out.
                status &= ~STATUS_VP;
                tag = 0;
            }
        }
        boolean extensions = (regs.get(RFCTL) & RFCTL_IPV6_EX_DIS) == 0;
        headers.parse(frame, left, tags, extensions);
        rss.compute(headers, frame);
        int type = type();
        checks(frame, left);
        long hash = (regs.get(RXCSUM) & RXCSUM_PCSD) != 0 ? rss.hash() & 0xffff_ffffL : 0;
        firstWord = hash << 32 | ((long) type << 4) | rss.type();
        return left;
    }

    private int type() {
        int type = 0;
        if (headers.ipv4()) {
            type = headers.extensions() ? TYPE_IPV4 | TYPE_IPV4_OPTIONS : TYPE_IPV4;
        } else if (headers.ipv6()) {
            type = headers.extensions() ? TYPE_IPV6 | TYPE_IPV6_EXTENSIONS : TYPE_IPV6;
        }
        return type
                | (headers.tcp() ? TYPE_TCP : 0)
                | (headers.udp() ? TYPE_UDP : 0)
                | (headers.sctp() ? TYPE_SCTP : 0);
    }

    private void checks(byte[] frame, int left) {
        int rxcsum = regs.get(RXCSUM);
        if (headers.ipv4() && (rxcsum & RXCSUM_IPOFLD) != 0) {
            boolean good = Sums.internet(frame, headers.l3(), headers.l4(), 0) == 0xffff;
            status |= STATUS_IPCS | (good ? 0 : ERROR_IPE);
        }
        if (headers.sctp()) {
            if ((rxcsum & RXCSUM_CRCOFLD) != 0) {
                int at = headers.l4() + 8;
                int there = word16(frame, at) << 16 | word16(frame, at + 2);
                checked(Sums.sctp(frame, headers.l4(), headers.end()) == there);
            }
        } else if ((rxcsum & RXCSUM_TUOFLD) != 0) {
            int l4 = headers.l4();
            if (headers.tcp()) {
                checked(headers.possibleLength() && summed(frame, headers.end() - l4));
            } else if (headers.udp() && word16(frame, l4 + 6) != 0) {
                // A datagram says itself how long it is; one without a checksum is not checked.
                int bytes = word16(frame, l4 + 4);
                status |= STATUS_UDPCS;
                checked(bytes >= 8 && l4 + bytes <= left && summed(frame, bytes));
            }
        }
    }

    private boolean summed(byte[] frame, int bytes) {
        int l4 = headers.l4();
        int pseudo = Sums.pseudoHeader(headers, frame, bytes);
        return Sums.internet(frame, l4, l4 + bytes, pseudo) == 0xffff;
    }

    private void checked(boolean good) {
        status |= STATUS_L4I | (good ? 0 : ERROR_L4E);
    }

    private static int word16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    int queue() {
        return rss.queue();
    }

    /** RSS type, packet type, hash. */
    long firstWord() {
        return firstWord;
    }

    /** Status and errors of the packet's last descriptor, without DD and EOP. */
    long status() {
        return status;
    }

    /** The tag that was taken out, 0 for none. */
    long tag() {
        return tag;
    }
}
