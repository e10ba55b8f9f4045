// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortConfig;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufRecycler;
import io.vpmd.spi.wire.Checksum;
import io.vpmd.spi.wire.Ethernet;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/** Hands packets to the host behind the port, and its answers to the receive queue. */
final class EchoTxQueue extends TxQueue {
    private final EchoHost host;
    private final @Nullable MbufRing answers;
    private final int refusedFlags;
    private final boolean multiSegment;
    private final MbufRecycler recycler = new MbufRecycler();
    private int maxFrame;

    /** A queue whose answers go into {@code answers}, or with null, nowhere. */
    EchoTxQueue(
            int index, EchoHost host, @Nullable MbufRing answers, PortConfig config, int maxFrame) {
        super(index);
        this.host = host;
        this.answers = answers;
        this.multiSegment = config.txOffloads().contains(TxOffload.MULTI_SEGMENT);
        this.refusedFlags = refusedFlags(config.txOffloads());
        this.maxFrame = maxFrame;
    }

    private static int refusedFlags(Set<TxOffload> requested) {
        int allowed = MbufFlags.TX_IPV4 | MbufFlags.TX_IPV6;
        if (requested.contains(TxOffload.IPV4_CHECKSUM)) {
            allowed |= MbufFlags.TX_IP_CKSUM;
        }
        if (requested.contains(TxOffload.TCP_CHECKSUM)) {
            allowed |= MbufFlags.TX_TCP_CKSUM;
        }
        if (requested.contains(TxOffload.UDP_CHECKSUM)) {
            allowed |= MbufFlags.TX_UDP_CKSUM;
        }
        return MbufFlags.TX_MASK & ~allowed;
    }

    EchoHost host() {
        return host;
    }

    /** Bytes of the longest frame from now on; no burst is running. */
    void setMaxFrame(int bytes) {
        maxFrame = bytes;
    }

    @Override
    public int txBurst(Mbuf[] from, int at, int count) {
        checkBurst(from, at, count);
        if (!enter()) {
            return discard(from, at, count);
        }
        try {
            int n = answers == null ? count : answers.room(count);
            int answered = 0;
            int broken = 0;
            long bytes = 0;
            for (int i = 0; i < n; i++) {
                Mbuf packet = from[at + i];
                int length = packet.packetLength();
                boolean wellFormed = wellFormed(packet);
                if (wellFormed && host.answer(packet) && answers != null) {
                    answers.set(answered++, packet);
                } else {
                    recycler.free(packet);
                }
                bytes += wellFormed ? length : 0;
                broken += wellFormed ? 0 : 1;
            }
            if (answers != null) {
                answers.publish(answered);
            }
            countSent(n - broken, bytes);
            countErrors(broken);
            return n;
        } finally {
            leave();
        }
    }

    private boolean wellFormed(Mbuf packet) {
        int length = packet.packetLength();
        return length >= Ethernet.HEADER_LENGTH
                && length <= maxFrame
                && (packet.segments() == 1 || multiSegment)
                && !packet.has(refusedFlags)
                && (!packet.has(MbufFlags.TX_IP_CKSUM | MbufFlags.TX_L4_MASK)
                        || Checksum.complete(packet));
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
