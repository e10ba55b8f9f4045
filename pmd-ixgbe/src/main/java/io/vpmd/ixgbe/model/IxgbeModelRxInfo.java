// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.ReceivePath;
import io.vpmd.spi.hw.model.ReceivedPacket;
import io.vpmd.spi.hw.model.RegisterFile;

/** What the device finds out about a received packet: the two words of 7.1.6.2. */
final class IxgbeModelRxInfo implements ReceivePath.Description {
    private static final int STATUS_FLM = 1 << 2;
    private static final int STATUS_VP = 1 << 3;
    private static final int STATUS_UDPCS = 1 << 4;
    private static final int STATUS_L4I = 1 << 5;
    private static final int STATUS_IPCS = 1 << 6;
    private static final int STATUS_VEXT = 1 << 9;
    private static final long STATUS_LB = 1L << 18;
    private static final long ERROR_L4E = 1L << 30;
    private static final long ERROR_IPE = 1L << 31;
    private static final int TYPE_ETHERTYPE_FILTER = 1 << 11;
    private static final int RSS_TYPE_FLOW_DIRECTOR = 0xf;

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final IxgbeModelFilters filters;
    private final IxgbeModelRss rss;
    private final IxgbeModelQueueFilters queueFilters;
    private final IxgbeModelFlowDirector flowDirector;
    private final ReceivedPacket packet = new ReceivedPacket();
    private int queue;
    private int tags;
    private boolean dropped;
    private long status;
    private long firstWord;
    private long tag;

    IxgbeModelRxInfo(IxgbeModel model, IxgbeModelFilters filters) {
        this.model = model;
        this.filters = filters;
        regs = model.registers();
        rss = new IxgbeModelRss(model);
        queueFilters = new IxgbeModelQueueFilters(model);
        flowDirector = model.flowDirector();
    }

    /**
     * Looks at a frame, and takes its tag out where its queue wants that.
     *
     * @return the length that is left
     */
    int look(byte[] frame, int length) {
        status = model.link().loopback() ? STATUS_LB : 0;
        tag = 0;
        int outer = filters.outerTags(frame, length);
        int at = filters.tag(frame, length);
        status |= outer != 0 ? STATUS_VEXT : 0;
        tags = outer + (at >= 0 ? 1 : 0);
        check(frame, length, tags);
        int found = at < 0 ? 0 : (frame[at + 2] & 0xff) << 8 | (frame[at + 3] & 0xff);
        classify(frame, found);
        if (at < 0 || (regs.get(RXDCTL, queue) & RXDCTL_VME) == 0) {
            return length;
        }
        // VP and the tag are there only when it was taken out.
        status |= STATUS_VP;
        tag = found;
        tags--;
        System.arraycopy(frame, at + 4, frame, at, length - at - 4);
        return length - 4;
    }

    /** Type, hash and queue: the first filter that matches names the queue. */
    private void classify(byte[] frame, int tagFound) {
        FrameHeaders h = packet.headers();
        rss.compute(h, frame);
        boolean hashed = (regs.get(RXCSUM) & RXCSUM_PCSD) != 0;
        long hash = hashed ? rss.hash() & 0xffff_ffffL : 0;
        long rssType = rss.type();
        long type = packet.type();
        queue = rss.queue();
        dropped = false;
        flowDirector.forget();
        int etherType = queueFilters.etherType(h);
        int fiveTuple = queueFilters.queue(h, frame);
        if (etherType != IxgbeModelQueueFilters.NONE) {
            type = TYPE_ETHERTYPE_FILTER | etherType;
            int named = queueFilters.etherTypeQueue(etherType);
            queue = named == IxgbeModelQueueFilters.NONE ? queue : named;
        } else if (fiveTuple != IxgbeModelQueueFilters.NONE) {
            queue = fiveTuple;
        } else if (flowDirector.matches(h, frame, tagFound)) {
            queue = flowDirector.queue(queue);
            dropped = flowDirector.drops();
            if (flowDirector.reports()) {
                status |= STATUS_FLM;
                hash = flowDirector.report() & 0xffff_ffffL;
                rssType = RSS_TYPE_FLOW_DIRECTOR;
            }
        }
        firstWord = hash << 32 | type << 4 | rssType;
    }

    /** The packet that was looked at last is received. */
    void count() {
        flowDirector.count();
    }

    private void check(byte[] frame, int length, int tags) {
        boolean extensions = (regs.get(RFCTL) & RFCTL_IPV6_EX_DIS) == 0;
        packet.look(frame, length, tags, extensions, true, true, true);
        if (packet.ipChecked()) {
            status |= STATUS_IPCS | (packet.ipGood() ? 0 : ERROR_IPE);
        }
        if (packet.l4Checked()) {
            status |= STATUS_L4I | (packet.l4Good() ? 0 : ERROR_L4E);
        }
        status |= packet.udpSum() ? STATUS_UDPCS : 0;
    }

    int queue() {
        return queue;
    }

    /** Whether checksums of both layers are right. */
    boolean good() {
        return packet.ipGood() && packet.l4Good();
    }

    /** Tags that stand before the type, in the packet as it is left. */
    int tags() {
        return tags;
    }

    /** Whether a filter wants the packet to be dropped. */
    boolean dropped() {
        return dropped;
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
