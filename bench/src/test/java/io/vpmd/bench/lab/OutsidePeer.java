// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.bench.system.Namespaces;
import io.vpmd.bench.system.Shell;
import io.vpmd.contract.TestFrames;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A host at the far end of a guest's cable: an interface of this machine's kernel in a network
 * namespace of its own. Counts every frame that it puts on the cable and takes from it.
 */
final class OutsidePeer implements CablePeer, AutoCloseable {
    static final String INTERFACE = "peer0";
    private static final int MTU = 9000;
    private static final int DATA_ROOM = 9216;
    private static final int BURST = 32;
    private static final long IDLE_NANOS = 100_000;

    private final Namespaces namespaces = new Namespaces();
    private final String namespace;
    private final Wire wire;
    private final MbufPool pool =
            MbufPool.create("peer", 2048, MbufPool.DEFAULT_HEADROOM, DATA_ROOM);
    private final MbufCache buffers = pool.newCache();
    private final Port port;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Thread pump;
    private volatile boolean ending;

    /** Skips the test where there can be no namespaces. */
    OutsidePeer(Wire wire, String address) {
        this.wire = wire;
        namespace = namespaces.add();
        // No neighbour discovery and the like: every frame is counted.
        Shell.check(
                "ip",
                "netns",
                "exec",
                namespace,
                "sh",
                "-c",
                "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
        port = Ports.open("net_kni:" + INTERFACE + ",netns=" + namespace + ",mtu=" + MTU);
        port.configure(PortConfig.of(pool));
        port.start();
        Shell.in(namespace, "ip addr add " + address + " dev " + INTERFACE);
        Shell.in(namespace, "ip link set " + INTERFACE + " up");
        pump = Thread.ofPlatform().daemon().name("peer-pump").start(this::pump);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public long sent() {
        return sent.get();
    }

    @Override
    public long received() {
        return received.get();
    }

    private void pump() {
        RxQueue rx = port.rxQueue(0);
        TxQueue tx = port.txQueue(0);
        Mbuf[] burst = new Mbuf[BURST];
        while (!ending) {
            int n = rx.rxBurst(burst, 0, BURST);
            for (int i = 0; i < n; i++) {
                wire.send(TestFrames.bytes(burst[i]));
                burst[i].free();
                sent.incrementAndGet();
            }
            boolean idle = n == 0;
            for (int i = 0; i < BURST; i++) {
                Optional<byte[]> frame = wire.receive();
                if (frame.isEmpty()) {
                    break;
                }
                idle = false;
                received.incrementAndGet();
                deliver(tx, burst, frame.get());
            }
            if (idle) {
                LockSupport.parkNanos(IDLE_NANOS);
            }
        }
    }

    private void deliver(TxQueue tx, Mbuf[] burst, byte[] frame) {
        Mbuf packet = buffers.take();
        if (packet == null) {
            throw new IllegalStateException("the peer has no buffer left");
        }
        packet.putBytes(packet.append(frame.length), frame, 0, frame.length);
        burst[0] = packet;
        while (tx.txBurst(burst, 0, 1) == 0 && !ending) {
            tx.reclaim();
        }
    }

    @Override
    public void close() {
        ending = true;
        try {
            pump.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        port.close();
        buffers.close();
        pool.close();
        wire.close();
        namespaces.close();
    }
}
