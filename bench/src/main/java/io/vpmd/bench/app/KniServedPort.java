// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortStats;

import java.util.ArrayList;
import java.util.List;

/** One port of the KNI application, its kernel interfaces and the two loops between them. */
final class KniServedPort implements AutoCloseable {
    private static final int BURST = 32;

    private final KniLcores lcores;
    private final Port port;
    private final List<Port> kernel;
    private final List<ForwardStream> toKernel = new ArrayList<>();
    private final List<ForwardStream> toPort = new ArrayList<>();
    private final List<ForwardThread> loops = new ArrayList<>();
    private volatile KniCounters base;

    KniServedPort(KniLcores lcores, Port port, List<Port> kernel) {
        this.lcores = lcores;
        this.port = port;
        this.kernel = List.copyOf(kernel);
        this.base = counted();
    }

    Port port() {
        return port;
    }

    List<Port> kernel() {
        return kernel;
    }

    KniLcores lcores() {
        return lcores;
    }

    /** Starts both loops, each on its core. */
    void start(WaitMode waiting, EndRequest end) {
        for (Port k : kernel) {
            toKernel.add(new RewriteStream.Io(port.rxQueue(0), k.txQueue(0), BURST));
            toPort.add(new RewriteStream.Io(k.rxQueue(0), port.txQueue(0), BURST));
        }
        String number = String.valueOf(lcores.port());
        loops.add(new ForwardThread("kni-rx-" + number, toKernel, lcores.rx(), waiting, end));
        loops.add(new ForwardThread("kni-tx-" + number, toPort, lcores.tx(), waiting, end));
        loops.forEach(ForwardThread::start);
    }

    /** Counters since the start or the last {@link #reset()}. */
    KniCounters counters() {
        return counted().since(base);
    }

    void reset() {
        base = counted();
    }

    private KniCounters counted() {
        PortStats up = kernel.stream().map(Port::stats).reduce(PortStats.ZERO, PortStats::plus);
        PortStats down = port.stats();
        return new KniCounters(
                lcores.port(),
                lcores.rx(),
                lcores.tx(),
                up.txPackets(),
                up.txDropped() + up.txErrors() + dropped(toKernel),
                down.txPackets(),
                down.txDropped() + down.txErrors() + dropped(toPort));
    }

    private static long dropped(List<ForwardStream> streams) {
        return streams.stream().mapToLong(ForwardStream::dropped).sum();
    }

    /** Ends the loops; the ports stay open. */
    @Override
    public void close() {
        loops.forEach(ForwardThread::close);
    }
}
