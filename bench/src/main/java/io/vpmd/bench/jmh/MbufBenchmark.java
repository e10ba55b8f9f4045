// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What looking into a packet and changing it costs, per packet. */
@State(Scope.Thread)
public class MbufBenchmark extends Measured {
    private static final int FRAME = 60;

    private final Mbuf[] packets = new Mbuf[BURST];
    private final Mbuf[] tails = new Mbuf[BURST];
    private MbufPool pool;

    /** Takes the packets. */
    @Setup
    public void take() {
        pool = MbufPool.create("jmh", 256);
        try (MbufCache cache = pool.newCache()) {
            cache.take(packets, 0, BURST);
            cache.take(tails, 0, BURST);
        }
        for (int i = 0; i < BURST; i++) {
            packets[i].append(FRAME);
            tails[i].append(FRAME);
        }
    }

    /** Unmaps the pool. */
    @TearDown
    public void close() {
        pool.close();
    }

    /** Read type, protocol, addresses and ports, as a classifier does. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int readHeaders() {
        int sum = 0;
        for (Mbuf packet : packets) {
            sum += packet.u16At(12) + packet.u8At(23);
            sum ^= packet.intAt(26) ^ packet.intAt(30) ^ packet.intAt(34);
        }
        return sum;
    }

    /** Exchange source and destination MAC, as testpmd's macswap does. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void swapMacs() {
        for (Mbuf packet : packets) {
            int high = packet.intAt(0);
            int low = packet.u16At(4);
            packet.putShort(0, packet.u16At(6));
            packet.putInt(2, packet.intAt(8));
            packet.putInt(6, high);
            packet.putShort(10, low);
        }
    }

    /** What a driver does to each packet that it received. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void received() {
        for (Mbuf packet : packets) {
            packet.received(128, FRAME, 1);
        }
    }

    /** Chain two segments, walk the chain and cut it again. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int chain() {
        int bytes = 0;
        for (int i = 0; i < BURST; i++) {
            Mbuf packet = packets[i];
            packet.chain(packet, tails[i]);
            for (Mbuf m = packet; m != null; m = m.next()) {
                bytes += m.dataLength();
            }
            packet.split(packet, 1, FRAME);
        }
        return bytes;
    }
}
