// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Sends the packet of dpdk-testpmd's txonly mode: UDP from 198.18.0.1 to 198.18.0.2, discard port,
 * payload of zeros, in as many segments as asked for.
 */
final class TxOnlyStream extends ForwardStream {
    /** Bytes of Ethernet, IPv4 and UDP header, which the first segment has to hold. */
    static final int HEADERS = 14 + 20 + 8;

    private static final int SOURCE = 198 << 24 | 18 << 16 | 1;
    private static final int DISCARD = 9;

    private final MbufCache cache;
    private final byte[] frame;
    private final int[] segments;

    TxOnlyStream(TxQueue tx, MbufPool pool, int burstSize, int[] segments, long source, long peer) {
        super(null, tx, burstSize);
        this.cache = pool.newCache();
        this.segments = segments.clone();
        this.frame = frame(Arrays.stream(segments).sum(), source, peer);
    }

    /** The frame of {@code length} bytes from one MAC address to another. */
    static byte[] frame(int length, long source, long destination) {
        ByteBuffer b = ByteBuffer.allocate(length);
        b.putShort((short) (destination >>> 32)).putInt((int) destination);
        b.putShort((short) (source >>> 32)).putInt((int) source);
        b.putShort((short) 0x0800);
        b.put((byte) 0x45).put((byte) 0).putShort((short) (length - 14));
        b.putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
        b.putInt(SOURCE).putInt(SOURCE + 1);
        b.putShort((short) DISCARD).putShort((short) DISCARD);
        b.putShort((short) (length - 34)).putShort((short) 0);
        b.putShort(24, (short) headerChecksum(b, 14, 20));
        return b.array();
    }

    private static int headerChecksum(ByteBuffer b, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += b.getShort(at + i) & 0xffff;
        }
        sum = (sum >>> 16) + (sum & 0xffff);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    @Override
    protected int run() {
        Mbuf[] burst = burst();
        int n = 0;
        while (n < burst.length) {
            Mbuf packet = packet();
            if (packet == null) {
                break;
            }
            burst[n++] = packet;
        }
        if (n > 0) {
            send(n);
        } else {
            reclaim();
        }
        return n;
    }

    private @Nullable Mbuf packet() {
        Mbuf first = segment(0, segments[0]);
        if (first == null || segments.length == 1) {
            return first;
        }
        Mbuf last = first;
        int at = segments[0];
        for (int i = 1; i < segments.length; i++) {
            Mbuf more = segment(at, segments[i]);
            if (more == null) {
                cache.free(first);
                return null;
            }
            first.chain(last, more);
            last = more;
            at += segments[i];
        }
        return first;
    }

    private @Nullable Mbuf segment(int at, int length) {
        Mbuf m = cache.take();
        if (m != null) {
            m.append(length);
            m.putBytes(0, frame, at, length);
        }
        return m;
    }

    @Override
    public void close() {
        super.close();
        cache.close();
    }
}
