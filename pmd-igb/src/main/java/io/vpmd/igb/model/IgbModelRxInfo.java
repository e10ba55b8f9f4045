// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.spi.hw.model.ReceivePath;
import io.vpmd.spi.hw.model.ReceivedPacket;
import io.vpmd.spi.hw.model.RegisterFile;

/** What the device finds out about a received packet: the two words of 7.1.5.2. */
final class IgbModelRxInfo implements ReceivePath.Description {
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
    private final ReceivedPacket packet = new ReceivedPacket();
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
        check(frame, left, tags);
        rss.compute(packet.headers(), frame);
        long hash = (regs.get(RXCSUM) & RXCSUM_PCSD) != 0 ? rss.hash() & 0xffff_ffffL : 0;
        firstWord = hash << 32 | ((long) packet.type() << 4) | rss.type();
        return left;
    }

    private void check(byte[] frame, int left, int tags) {
        int rxcsum = regs.get(RXCSUM);
        packet.look(
                frame,
                left,
                tags,
                (regs.get(RFCTL) & RFCTL_IPV6_EX_DIS) == 0,
                (rxcsum & RXCSUM_IPOFLD) != 0,
                (rxcsum & RXCSUM_TUOFLD) != 0,
                (rxcsum & RXCSUM_CRCOFLD) != 0);
        if (packet.ipChecked()) {
            status |= STATUS_IPCS | (packet.ipGood() ? 0 : ERROR_IPE);
        }
        if (packet.l4Checked()) {
            status |= STATUS_L4I | (packet.l4Good() ? 0 : ERROR_L4E);
        }
        status |= packet.udpSum() ? STATUS_UDPCS : 0;
    }

    private static int word16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    int queue() {
        return rss.queue();
    }

    @Override
    public long firstWord() {
        return firstWord;
    }

    @Override
    public long status() {
        return status;
    }

    @Override
    public long tag() {
        return tag;
    }
}
