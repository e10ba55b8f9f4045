// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;

/** Filters that name a queue before flow director and RSS do: EtherType, SYN, five-tuple, 7.1.2. */
final class IxgbeModelQueueFilters {
    /** No filter matches. */
    static final int NONE = -1;

    private static final int ENABLE = 1 << 31;
    private static final int QUEUE = 0x7f;
    private static final int ETQS_QUEUE_SHIFT = 16;
    private static final int SYNQF_ENABLE = 1;
    private static final int TIMIR_QUEUE_SHIFT = 21;
    private static final int FTQF_MASK_SHIFT = 25;
    private static final int FTQF_PRIORITY_SHIFT = 2;
    private static final int IGNORE_SOURCE = 1;
    private static final int IGNORE_DESTINATION = 1 << 1;
    private static final int IGNORE_SOURCE_PORT = 1 << 2;
    private static final int IGNORE_DESTINATION_PORT = 1 << 3;
    private static final int IGNORE_PROTOCOL = 1 << 4;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_SYN = 1 << 1;

    private final RegisterFile regs;

    IxgbeModelQueueFilters(IxgbeModel model) {
        regs = model.registers();
    }

    /** Number of the EtherType filter that a packet matches, or {@link #NONE}. */
    int etherType(FrameHeaders h) {
        for (int i = 0; i < ETQF.count(); i++) {
            int filter = regs.get(ETQF, i);
            if ((filter & ENABLE) != 0 && (filter & 0xffff) == h.etherType()) {
                return i;
            }
        }
        return NONE;
    }

    /** The queue of an EtherType filter, or {@link #NONE} when it does not name one. */
    int etherTypeQueue(int filter) {
        int select = regs.get(ETQS, filter);
        return (select & ENABLE) != 0 ? select >>> ETQS_QUEUE_SHIFT & QUEUE : NONE;
    }

    /** The queue of the SYN filter or of a five-tuple filter that a packet matches. */
    int queue(FrameHeaders h, byte[] frame) {
        int syn = regs.get(SYNQF);
        if ((syn & SYNQF_ENABLE) != 0 && h.tcp() && (frame[h.l4() + TCP_FLAGS] & TCP_SYN) != 0) {
            return syn >>> 1 & QUEUE;
        }
        if (!h.ipv4() || h.fragment()) {
            return NONE;
        }
        int best = NONE;
        int priority = -1;
        for (int i = 0; i < FTQF.count(); i++) {
            int filter = regs.get(FTQF, i);
            int own = filter >>> FTQF_PRIORITY_SHIFT & 7;
            if ((filter & ENABLE) != 0 && own > priority && matches(i, filter, h, frame)) {
                best = regs.get(L34TIMIR, i) >>> TIMIR_QUEUE_SHIFT & QUEUE;
                priority = own;
            }
        }
        return best;
    }

    private boolean matches(int i, int filter, FrameHeaders h, byte[] frame) {
        int ignored = filter >>> FTQF_MASK_SHIFT & 0x1f;
        int protocol = h.tcp() ? 0 : h.udp() ? 1 : h.sctp() ? 2 : 3;
        if ((ignored & IGNORE_PROTOCOL) == 0 && (filter & 3) != protocol) {
            return false;
        }
        int at = h.addresses();
        boolean ports = protocol != 3;
        int both = regs.get(SDPQF, i);
        return ((ignored & IGNORE_SOURCE) != 0 || regs.get(SAQF, i) == word(frame, at, 4))
                && ((ignored & IGNORE_DESTINATION) != 0
                        || regs.get(DAQF, i) == word(frame, at + 4, 4))
                && ((ignored & IGNORE_SOURCE_PORT) != 0
                        || (ports && (both & 0xffff) == word(frame, h.l4(), 2)))
                && ((ignored & IGNORE_DESTINATION_PORT) != 0
                        || (ports && both >>> 16 == word(frame, h.l4() + 2, 2)));
    }

    /** The first byte on the wire is the lowest. */
    private static int word(byte[] frame, int at, int bytes) {
        int word = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            word = word << 8 | (frame[at + i] & 0xff);
        }
        return word;
    }
}
