// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import com.sun.management.ThreadMXBean;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/**
 * What the driver of a NIC costs per packet: receive, touch a byte, send, on rings in memory that a
 * stub completes. bench/reference has the same in C.
 */
@State(Scope.Thread)
public abstract class NicBenchmark extends Measured {
    /** Packets of one round. */
    public static final int ROUND = 64;

    /** Rounds of {@link #batch()}. */
    public static final int BATCH = 1000;

    private static final int ALLOCATION_BATCHES = 100;
    private static final int BUFFERS = 2048;
    private static final int ETHERNET_HEADER = 14;
    private static final int IP_HEADER = 20;
    private static final int TCP_HEADER = 20;
    private static final int CHECKSUMS =
            MbufFlags.TX_IPV4 | MbufFlags.TX_IP_CKSUM | MbufFlags.TX_TCP_CKSUM;

    /** What is asked of the device. */
    public enum Offloads {
        /** Nothing. */
        NONE,
        /** Checksums at configure, but not for any packet. */
        REQUESTED,
        /** Checksums at configure, and those of IPv4 and TCP for each packet. */
        EACH_PACKET
    }

    @Param({"4", "32", "64"})
    private int burst = BURST;

    @Param("NONE")
    private Offloads offloads = Offloads.NONE;

    private final String driver;
    private final NicStub.Chip chip;
    private final Mbuf[] packets = new Mbuf[ROUND];
    private NicStub stub;
    private MbufPool pool;
    private Port port;
    private RxQueue rx;
    private TxQueue tx;

    NicBenchmark(String driver, NicStub.Chip chip) {
        this.driver = driver;
        this.chip = chip;
    }

    /** The driver, for devices behind these buses. */
    abstract PortDriver driver(Function<PortSpec, Bus> buses);

    /** Opens the port on the stub. */
    @Setup
    public void start() {
        pool = MbufPool.create("jmh", BUFFERS);
        stub = new NicStub(chip);
        port =
                Ports.open(
                        PortSpec.parse(driver + ":stub,nvm=unchecked"),
                        List.of(driver(spec -> stub)));
        PortConfig config = PortConfig.of(pool).withRings(NicStub.RING, NicStub.RING);
        if (offloads != Offloads.NONE) {
            config =
                    config.withOffloads(
                            EnumSet.of(RxOffload.IPV4_CHECKSUM, RxOffload.L4_CHECKSUM),
                            EnumSet.of(
                                    TxOffload.IPV4_CHECKSUM,
                                    TxOffload.TCP_CHECKSUM,
                                    TxOffload.UDP_CHECKSUM,
                                    TxOffload.MULTI_SEGMENT));
        }
        port.configure(config);
        port.start();
        rx = port.rxQueue(0);
        tx = port.txQueue(0);
    }

    /** Tells what bursts allocate, now that they are compiled, and closes the port. */
    @TearDown
    public void close() {
        System.out.println("{\"allocatedBytesPerPacket\":" + allocated() + "}");
        port.close();
        pool.close();
    }

    private double allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ALLOCATION_BATCHES; i++) {
            batch();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        return (double) bytes / (ALLOCATION_BATCHES * BATCH * ROUND);
    }

    /** A round of 64 packets in bursts. */
    @Benchmark
    @OperationsPerInvocation(ROUND)
    public int receiveTouchSend() {
        return round();
    }

    /** As many rounds as take a fraction of a millisecond, for the time of each such batch. */
    @Benchmark
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public int batch() {
        int sum = 0;
        for (int i = 0; i < BATCH; i++) {
            sum += round();
        }
        return sum;
    }

    private int round() {
        int sum = 0;
        for (int at = 0; at < ROUND; at += burst) {
            stub.complete(burst);
            int n = rx.rxBurst(packets, 0, burst);
            touch(n);
            sum += tx.txBurst(packets, 0, n);
        }
        if (sum != ROUND) {
            throw new IllegalStateException(sum + " of " + ROUND + " packets were sent");
        }
        return sum;
    }

    private void touch(int n) {
        for (int i = 0; i < n; i++) {
            Mbuf packet = packets[i];
            packet.putByte(0, packet.byteAt(0) ^ 2);
        }
        if (offloads == Offloads.EACH_PACKET) {
            for (int i = 0; i < n; i++) {
                Mbuf packet = packets[i];
                packet.setFlags(packet.flags() | CHECKSUMS);
                packet.setHeaderLengths(ETHERNET_HEADER, IP_HEADER, TCP_HEADER);
            }
        }
    }
}
