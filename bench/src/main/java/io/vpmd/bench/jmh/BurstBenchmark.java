// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the public API costs per packet: receive a burst and send it, on ports without a device. */
@State(Scope.Thread)
public class BurstBenchmark extends Measured {
    private static final int BUFFERS = 2048;
    private static final int ETHERNET_MINIMUM = 60;

    @Param({"net_null:0", "net_ring:0"})
    private String port;

    private final Mbuf[] burst = new Mbuf[BURST];
    private MbufPool pool;
    private Port opened;
    private RxQueue rx;
    private TxQueue tx;

    /** Opens the port; a ring gets packets that go round. */
    @Setup
    public void start() {
        pool = MbufPool.create("jmh", BUFFERS);
        opened = Ports.open(port);
        opened.configure(PortConfig.of(pool));
        opened.start();
        rx = opened.rxQueue(0);
        tx = opened.txQueue(0);
        try (MbufCache cache = pool.newCache()) {
            int n = cache.take(burst, 0, BURST);
            for (int i = 0; i < n; i++) {
                burst[i].append(ETHERNET_MINIMUM);
            }
            tx.txBurst(burst, 0, n);
        }
    }

    /** Closes the port. */
    @TearDown
    public void close() {
        opened.close();
        pool.close();
    }

    /** Receive 32 and send them. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int forward() {
        return tx.txBurst(burst, 0, rx.rxBurst(burst, 0, BURST));
    }

    /** Receive 32, touch a byte of each and send them. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int touchAndForward() {
        int n = rx.rxBurst(burst, 0, BURST);
        for (int i = 0; i < n; i++) {
            Mbuf packet = burst[i];
            packet.putByte(0, packet.byteAt(0) ^ 2);
        }
        return tx.txBurst(burst, 0, n);
    }
}
