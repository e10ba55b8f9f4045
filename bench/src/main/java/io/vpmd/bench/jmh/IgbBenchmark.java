// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.igb.IgbDriver;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.List;

/**
 * What net_igb costs per packet: receive, touch a byte, send, on rings in memory that a stub
 * completes. bench/reference/igbloop.c is the same in C.
 */
@State(Scope.Thread)
public class IgbBenchmark extends Measured {
    private static final int ROUND = 64;
    private static final int BUFFERS = 2048;

    @Param({"4", "32", "64"})
    private int burst = BURST;

    private final Mbuf[] packets = new Mbuf[ROUND];
    private IgbStub stub;
    private MbufPool pool;
    private Port port;
    private RxQueue rx;
    private TxQueue tx;

    /** Opens the port on the stub. */
    @Setup
    public void start() {
        pool = MbufPool.create("jmh", BUFFERS);
        stub = new IgbStub();
        port =
                Ports.open(
                        PortSpec.parse("net_igb:stub,nvm=unchecked"),
                        List.of(new IgbDriver(spec -> stub)));
        port.configure(PortConfig.of(pool).withRings(IgbStub.RING, IgbStub.RING));
        port.start();
        rx = port.rxQueue(0);
        tx = port.txQueue(0);
    }

    /** Closes the port. */
    @TearDown
    public void close() {
        port.close();
        pool.close();
    }

    /** A round of 64 packets in bursts. */
    @Benchmark
    @OperationsPerInvocation(ROUND)
    public int receiveTouchSend() {
        int sum = 0;
        for (int at = 0; at < ROUND; at += burst) {
            stub.complete(burst);
            int n = rx.rxBurst(packets, 0, burst);
            for (int i = 0; i < n; i++) {
                Mbuf packet = packets[i];
                packet.putByte(0, packet.byteAt(0) ^ 2);
            }
            sum += tx.txBurst(packets, 0, n);
        }
        if (sum != ROUND) {
            throw new IllegalStateException(sum + " of " + ROUND + " packets were sent");
        }
        return sum;
    }
}
