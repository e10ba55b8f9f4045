// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.RssHash;

/** Receive-side scaling, 7.1.2.8: the type of the hash, the hash, the queue. */
final class IxgbeModelRss {
    private static final int MRQE = 0xf;
    private static final int MRQE_RSS = 1;

    private final RegisterFile regs;
    private final RssHash rss;
    private final int entries;
    private final int queueBits;

    IxgbeModelRss(IxgbeModel model) {
        regs = model.registers();
        rss = new RssHash(regs, RSSRK);
        entries = model.chip().redirectionEntries();
        queueBits = model.chip().redirectionQueue();
    }

    /** Computes type and hash of a frame whose headers are known. */
    void compute(FrameHeaders h, byte[] frame) {
        int mrqc = regs.get(MRQC);
        rss.compute(h, frame, (mrqc & MRQE) == MRQE_RSS ? mrqc : 0);
    }

    /** As the descriptor has it, 0 for none. */
    int type() {
        return rss.type();
    }

    int hash() {
        return rss.hash();
    }

    /** Where the frame goes: 0 without a hash. */
    int queue() {
        if (rss.type() == 0) {
            return 0;
        }
        int entry = rss.hash() & (entries - 1);
        int word = entry >>> 2;
        int four =
                word < RETA.count() ? regs.get(RETA, word) : regs.get(ERETA, word - RETA.count());
        return four >>> (8 * (entry & 3)) & queueBits;
    }
}
