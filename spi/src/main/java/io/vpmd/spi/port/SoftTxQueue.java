// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.wire.Checksum;

/**
 * Does for packets what the queue inside cannot. A packet that has to be split is taken when at
 * least its first segment fits into the queue inside; what does not fit yet waits here, before
 * everything else, for the next burst or {@link #reclaim()}.
 *
 * <p>A packet that the queue inside has no room for stays the caller's. Its checksums may be
 * complete and its flags gone by then, which makes no difference to sending it again.
 */
final class SoftTxQueue extends DecoratorTxQueue {
    private final FrameCheck check;
    private final int flagsToDo;
    private final boolean linearize;
    private final MbufRecycler recycler = new MbufRecycler();
    private final Segmenter segmenter = new Segmenter();
    private final MbufPool pool;
    private final Mbuf[] waiting = new Mbuf[Segmenter.MAX_SEGMENTS];
    private int waitingFrom;
    private int waitingTo;

    /**
     * @param flagsToDo what packets may ask for and the queue inside cannot do
     * @param linearize whether the queue inside takes no chains
     * @param pool for segments
     */
    SoftTxQueue(TxQueue inner, FrameCheck check, int flagsToDo, boolean linearize, MbufPool pool) {
        super(inner);
        this.check = check;
        this.flagsToDo = flagsToDo;
        this.linearize = linearize;
        this.pool = pool;
    }

    @Override
    int send(Mbuf[] from, int at, int count) {
        flush();
        int done = 0;
        while (done < count && waitingFrom == waitingTo) {
            int run = readyRun(from, at + done, count - done);
            int sent = run == 0 ? 0 : inner().txBurst(from, at + done, run);
            done += sent;
            if (sent < run) {
                break;
            }
            if (done < count && !sendSpecial(from[at + done])) {
                break;
            }
            done += done < count ? 1 : 0;
        }
        return done;
    }

    /** Makes packets ready in place; how many there are before one that needs more than that. */
    private int readyRun(Mbuf[] from, int at, int count) {
        int n = 0;
        while (n < count && ready(from[at + n])) {
            n++;
        }
        return n;
    }

    private boolean ready(Mbuf packet) {
        if (!check.wellFormed(packet) || (linearize && packet.segments() > 1)) {
            return false;
        }
        int todo = packet.flags() & flagsToDo;
        return todo == 0 || ((todo & MbufFlags.TX_TSO) == 0 && Checksum.complete(packet));
    }

    /** Sends a packet that is not ready; false when there is no room for it. */
    private boolean sendSpecial(Mbuf packet) {
        MbufCache buffers = recycler.cache(pool);
        int n = Segmenter.MALFORMED;
        if (check.wellFormed(packet)) {
            boolean split = (packet.flags() & flagsToDo & MbufFlags.TX_TSO) != 0;
            n = split ? segmenter.split(packet, buffers, waiting) : joined(packet, buffers);
        }
        if (n < 0) {
            countErrors(n == Segmenter.MALFORMED ? 1 : 0);
            countDropped(n == Segmenter.NO_BUFFERS ? 1 : 0);
            recycler.free(packet);
            return true;
        }
        int sent = inner().txBurst(waiting, 0, n);
        if (sent == 0) {
            recycler.free(waiting, 0, n);
            return false;
        }
        recycler.free(packet);
        waitingFrom = sent;
        waitingTo = n;
        return true;
    }

    /** Copies a chain into one buffer, the first of those that wait. */
    private int joined(Mbuf packet, MbufCache buffers) {
        if (!linearize || packet.segments() == 1 || packet.packetLength() > pool.dataRoom()) {
            return Segmenter.MALFORMED;
        }
        Mbuf one = buffers.take();
        if (one == null) {
            return Segmenter.NO_BUFFERS;
        }
        for (Mbuf m = packet; m != null; m = m.next()) {
            one.copyFrom(m, 0, one.append(m.dataLength()), m.dataLength());
        }
        one.copyMetadata(packet);
        waiting[0] = one;
        if (!ready(one)) {
            buffers.free(one);
            return Segmenter.MALFORMED;
        }
        return 1;
    }

    @Override
    void flush() {
        if (waitingFrom < waitingTo) {
            waitingFrom += inner().txBurst(waiting, waitingFrom, waitingTo - waitingFrom);
        }
    }

    /** Frees what waits; no burst is running. */
    void stop() {
        countDropped(waitingTo - waitingFrom);
        while (waitingFrom < waitingTo) {
            waiting[waitingFrom++].free();
        }
    }

    /** Buffers of {@code wanted} that wait; no burst is running. */
    int held(MbufPool wanted) {
        int count = 0;
        for (int i = waitingFrom; i < waitingTo; i++) {
            for (Mbuf m = waiting[i]; m != null; m = m.next()) {
                count += m.pool() == wanted ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
