// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.ring;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.wire.Checksum;
import io.vpmd.spi.wire.Headers;
import io.vpmd.spi.wire.Ipv4;
import io.vpmd.spi.wire.Tcp;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Packets that a device coalesces while it writes them, receive side coalescing, 7.11 of the
 * 82599's data sheet. Several are under way in one ring at once; each descriptor but the last of
 * one names the descriptor where its packet goes on, which may be any that comes later.
 *
 * <pre>
 *   first word   RSCCNT 20:17   one more than the packets that begin here; 0 nothing is coalesced
 *   second word  NEXTP 19:4     in a descriptor without EOP: where the packet goes on
 * </pre>
 *
 * A packet of at least two has its TCP checksum turned into a partial one, and is a request to be
 * cut again, as those are that a kernel has never cut. Used by the thread that bursts.
 */
final class RscChains extends RxChains {
    private static final int COUNT_SHIFT = 17;
    private static final int COUNT_MASK = 0xf;
    private static final int NEXT_SHIFT = 4;
    private static final int NONE = -1;

    private final MbufPool pool;
    private final int mask;
    /* By the descriptor where a packet goes on: its first and last segment, packets in it. */
    private final int[] heads;
    private final int[] tails;
    private final int[] packets;
    private final Headers headers = new Headers();

    /** For a ring of {@code size} descriptors, a power of two. */
    RscChains(MbufPool pool, int size) {
        this.pool = pool;
        mask = size - 1;
        heads = new int[size];
        tails = new int[size];
        packets = new int[size];
        Arrays.fill(heads, NONE);
    }

    @Override
    boolean open() {
        return true;
    }

    @Override
    @Nullable Mbuf join(int slot, Mbuf segment, long first, long second) {
        Mbuf head = segment;
        int count = 0;
        if (heads[slot] != NONE) {
            head = pool.mbuf(heads[slot]);
            head.chain(pool.mbuf(tails[slot]), segment);
            count = packets[slot];
            heads[slot] = NONE;
        }
        int started = (int) (first >>> COUNT_SHIFT) & COUNT_MASK;
        count += Math.max(started - 1, 0);
        if ((second & Descriptors.RX_EOP) != 0) {
            packets[slot] = count;
            return head;
        }
        int next = (started != 0 ? (int) (second >>> NEXT_SHIFT) : slot + 1) & mask;
        if (heads[next] != NONE) {
            // A device that lets two packets go on in one place has lost the first.
            pool.mbuf(heads[next]).free();
        }
        heads[next] = head.index();
        tails[next] = segment.index();
        packets[next] = count;
        return null;
    }

    @Override
    void describe(int slot, Mbuf packet) {
        int count = packets[slot];
        if (count < 2 || !headers.parse(packet) || headers.protocol() != Ipv4.TCP) {
            return;
        }
        int l4 = headers.l4();
        int header = headers.l4Length();
        int payload = headers.end() - l4 - header;
        if (header == 0 || payload < count) {
            return;
        }
        int length = header + payload;
        int sum = Checksum.pseudoHeader(packet, headers.l2Length(), Ipv4.TCP, length);
        packet.putShort(l4 + Tcp.CHECKSUM, sum);
        packet.setHeaderLengths(headers.l2Length(), headers.l3Length(), header);
        packet.setSegmentSize((payload + count - 1) / count);
        packet.setFlags(
                packet.flags()
                        | MbufFlags.RX_LRO
                        | MbufFlags.RX_L4_PARTIAL
                        | MbufFlags.TX_TSO
                        | MbufFlags.TX_TCP_CKSUM
                        | (headers.ipv4() ? MbufFlags.TX_IPV4 : MbufFlags.TX_IPV6));
    }

    @Override
    int held() {
        int n = 0;
        for (int head : heads) {
            n += head == NONE ? 0 : pool.mbuf(head).segments();
        }
        return n;
    }

    @Override
    void free() {
        for (int i = 0; i < heads.length; i++) {
            if (heads[i] != NONE) {
                pool.mbuf(heads[i]).free();
                heads[i] = NONE;
            }
        }
    }
}
