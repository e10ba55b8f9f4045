// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.RssHash;

/** Receive-side scaling, 7.1.2.8: the type of the hash, the hash, the queue. */
final class IgbModelRss {
    private static final int ENABLE = 7;
    private static final int ENABLE_RSS = 2;

    private final RegisterFile regs;
    private final int queues;
    private final RssHash rss;

    IgbModelRss(IgbModel model) {
        regs = model.registers();
        queues = model.chip().queues;
        rss = new RssHash(regs, RSSRK);
    }

    private boolean enabled() {
        return (regs.get(MRQC) & ENABLE) == ENABLE_RSS;
    }

    /** Computes type and hash of a frame whose headers are known. */
    void compute(FrameHeaders h, byte[] frame) {
        rss.compute(h, frame, enabled() ? regs.get(MRQC) : 0);
    }

    /** As the descriptor has it, 0 for none. */
    int type() {
        return rss.type();
    }

    int hash() {
        return rss.hash();
    }

    /** Where the frame goes; without a hash that is MRQC's default queue, or 0. */
    int queue() {
        if (rss.type() == 0) {
            return enabled() ? 0 : regs.get(MRQC) >>> 3 & 7;
        }
        int entry = rss.hash() & 127;
        int queue = regs.get(RETA, entry >>> 2) >>> (8 * (entry & 3)) & 0xf;
        return queue < queues ? queue : 0;
    }
}
