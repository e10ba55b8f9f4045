// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The ports of a run and the pool that they share; closed together. */
public final class PortSet implements AutoCloseable {
    private static final int L2_OVERHEAD = 18;
    private static final int BUFFERS = 8192;
    private static final int MIN_BUFFERS_PER_PORT = 512;

    private final List<Port> ports = new ArrayList<>();
    private @Nullable MbufPool pool;

    /** No ports yet. */
    public PortSet() {}

    /** Opens one more port. */
    public Port open(String spec) {
        Port port = Ports.open(spec);
        ports.add(port);
        return port;
    }

    /** The ports in the order in which they were opened. */
    public List<Port> ports() {
        return List.copyOf(ports);
    }

    /** The pool; there after {@link #configure}. */
    public MbufPool pool() {
        MbufPool made = pool;
        if (made == null) {
            throw new IllegalStateException("configure first");
        }
        return made;
    }

    /**
     * Makes the pool, and one queue pair a port with the offloads that suit {@code match}.
     *
     * @param buffers size of the pool, or 0 for one that suits the number of ports
     * @throws UsageException when the pool is too small for the ports
     */
    public void configure(OffloadMatch match, int buffers) {
        int least = MIN_BUFFERS_PER_PORT * Math.max(1, ports.size());
        if (buffers != 0 && buffers < least) {
            throw new UsageException(
                    "a pool of "
                            + buffers
                            + " buffers is too small for "
                            + ports.size()
                            + (ports.size() == 1 ? " port" : " ports")
                            + "; take at least "
                            + least);
        }
        int size = buffers != 0 ? buffers : BUFFERS * Math.max(1, (ports.size() + 1) / 2);
        int room = MbufPool.DEFAULT_DATA_ROOM;
        for (Port port : ports) {
            if (!match.rx(port).contains(RxOffload.SCATTER)) {
                room = Math.max(room, (port.mtu() + L2_OVERHEAD + 63) / 64 * 64);
            }
        }
        MbufPool made = MbufPool.create("packets", size, MbufPool.DEFAULT_HEADROOM, room);
        pool = made;
        for (Port port : ports) {
            port.configure(PortConfig.of(made).withOffloads(match.rx(port), match.tx(port)));
        }
    }

    public void start() {
        ports.forEach(Port::start);
    }

    /** Stops the ports; their counters can be read on. */
    public void stop() {
        ports.forEach(Port::stop);
    }

    /** Closes ports and pool, all of them also when one fails. */
    @Override
    public void close() {
        List<Runnable> closings = new ArrayList<>();
        ports.reversed().forEach(p -> closings.add(p::close));
        MbufPool made = pool;
        if (made != null) {
            closings.add(made::close);
        }
        RuntimeException failure = null;
        for (Runnable closing : closings) {
            try {
                closing.run();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
