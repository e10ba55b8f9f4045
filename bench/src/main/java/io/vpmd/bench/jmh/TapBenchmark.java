// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a 64-byte frame costs that goes to the kernel through net_kni, per frame, and a poll that
 * finds nothing. Needs root; the interface is in a network namespace that ends with the JVM.
 */
@State(Scope.Thread)
public class TapBenchmark extends Measured {
    private static final int FRAME = 64;

    private final Mbuf[] burst = new Mbuf[BURST];
    private MbufPool pool;
    private MbufCache cache;
    private Port port;
    private TxQueue tx;

    /** Makes the interface and brings it up. */
    @Setup
    public void start() {
        pool = MbufPool.create("jmh", 2048);
        cache = pool.newCache();
        port = PrivateNetwork.call(() -> Ports.open("net_kni:jmh0"));
        port.configure(PortConfig.of(pool));
        port.start();
        tx = port.txQueue(0);
        PrivateNetwork.run("ip", "link", "set", "jmh0", "up");
    }

    /** Removes the interface. */
    @TearDown
    public void close() {
        cache.close();
        port.close();
        pool.close();
    }

    private int send(int count) {
        int n = cache.take(burst, 0, count);
        for (int i = 0; i < n; i++) {
            // A destination that is not the interface's: the stack drops it early.
            burst[i].append(FRAME);
            burst[i].putLong(0, 0x0200_0000_00ee_0200L);
            burst[i].putLong(8, 0x0000_0001_0800_4500L);
        }
        return tx.txBurst(burst, 0, n);
    }

    /** One frame a burst. */
    @Benchmark
    public int tx1() {
        return send(1);
    }

    /** Two frames a burst. */
    @Benchmark
    @OperationsPerInvocation(2)
    public int tx2() {
        return send(2);
    }

    /** Four. */
    @Benchmark
    @OperationsPerInvocation(4)
    public int tx4() {
        return send(4);
    }

    /** Eight. */
    @Benchmark
    @OperationsPerInvocation(8)
    public int tx8() {
        return send(8);
    }

    /** 32. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int tx32() {
        return send(BURST);
    }

    /** A poll of an interface that nobody sends on. */
    @Benchmark
    public int emptyPoll() {
        return port.rxQueue(0).rxBurst(burst, 0, BURST);
    }
}
