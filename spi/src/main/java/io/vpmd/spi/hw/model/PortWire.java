// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.RxWaiter;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufCache;
import io.vpmd.spi.mbuf.MbufPool;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A wire to any port: what the device sends, that port sends, and what it receives arrives at the
 * device. Pause frames end here, as they do in the MAC at the other end of a cable: for their time
 * nothing is received.
 */
public final class PortWire implements Wire {
    private static final int BUFFERS = 4096;
    private static final int RING = 512;
    private static final int BURST = 32;
    /* Ethernet header and a tag. */
    private static final int OVERHEAD = 18;
    private static final long LINK_NANOS = 5_000_000;

    private final Port port;
    private final MbufPool pool;
    private final RxQueue rx;
    private final TxQueue tx;
    private final RxWaiter waiter;
    private final MbufCache cache;
    private final boolean chains;
    private final Mbuf[] received = new Mbuf[BURST];
    private final Mbuf[] sending = new Mbuf[BURST];
    private int taken;
    private int arrived;
    private int pending;
    private boolean up;
    private long lookedAt = System.nanoTime() - LINK_NANOS;
    private long pausedUntil = System.nanoTime();

    private PortWire(Port port, MbufPool pool) {
        this.port = port;
        this.pool = pool;
        PortInfo info = port.info();
        Set<RxOffload> scatter = EnumSet.of(RxOffload.SCATTER);
        scatter.retainAll(info.rxOffloads());
        Set<TxOffload> chain = EnumSet.of(TxOffload.MULTI_SEGMENT);
        chain.retainAll(info.txOffloads());
        port.configure(PortConfig.of(pool).withRings(RING, RING).withOffloads(scatter, chain));
        port.setPromiscuous(true);
        port.start();
        chains = !chain.isEmpty();
        rx = port.rxQueue(0);
        tx = port.txQueue(0);
        cache = pool.newCache();
        waiter = new RxWaiter();
        waiter.add(rx);
    }

    /** Opens the port of a spec and starts it; closing the wire closes it. */
    public static PortWire open(String name, String spec) {
        Port port = Ports.open(spec);
        @Nullable MbufPool pool = null;
        try {
            pool = MbufPool.create("wire-" + name, BUFFERS);
            return new PortWire(port, pool);
        } catch (RuntimeException e) {
            port.close();
            if (pool != null) {
                pool.close();
            }
            throw e;
        }
    }

    @Override
    public boolean up() {
        long now = System.nanoTime();
        if (now - lookedAt >= LINK_NANOS) {
            lookedAt = now;
            up = port.link().up();
        }
        return up;
    }

    /** The other end takes frames of this length from now on, as far as it can. */
    @Override
    public void maxFrame(int bytes) {
        int mtu = Math.min(port.info().maxMtu(), bytes - OVERHEAD);
        if (mtu > port.mtu() && !chains && mtu + OVERHEAD > pool.dataRoom()) {
            return;
        }
        if (mtu > port.mtu()) {
            port.setMtu(mtu);
        }
    }

    @Override
    public boolean send(byte[] frame, int at, int length) {
        if (PauseFrame.control(frame, at, length)) {
            long quanta = PauseFrame.quanta(frame, at);
            pausedUntil = System.nanoTime() + quanta * PauseFrame.QUANTUM_NANOS;
            return true;
        }
        if (pending == BURST) {
            flush();
        }
        if (pending == BURST) {
            return false;
        }
        Mbuf m = packet(frame, at, length);
        if (m == null) {
            // Sent packets come back when the port has finished with them.
            tx.reclaim();
            return false;
        }
        sending[pending++] = m;
        return true;
    }

    private @Nullable Mbuf packet(byte[] frame, int at, int length) {
        Mbuf first = cache.take();
        if (first == null) {
            return null;
        }
        Mbuf last = first;
        int done = fill(first, frame, at, length);
        while (done < length) {
            Mbuf next = cache.take();
            if (next == null) {
                first.free();
                return null;
            }
            done += fill(next, frame, at + done, length - done);
            first.chain(last, next);
            last = next;
        }
        return first;
    }

    private static int fill(Mbuf m, byte[] frame, int at, int length) {
        int n = Math.min(length, m.tailroom());
        m.putBytes(m.append(n), frame, at, n);
        return n;
    }

    @Override
    public void flush() {
        if (pending == 0) {
            return;
        }
        int n = tx.txBurst(sending, 0, pending);
        pending -= n;
        System.arraycopy(sending, n, sending, 0, pending);
        tx.reclaim();
    }

    @Override
    public int receive(byte[] into) {
        if (System.nanoTime() - pausedUntil < 0) {
            return 0;
        }
        if (taken == arrived) {
            arrived = rx.rxBurst(received, 0, BURST);
            taken = 0;
            if (arrived == 0) {
                return 0;
            }
        }
        Mbuf m = received[taken++];
        int length = Math.min(m.packetLength(), into.length);
        int at = 0;
        for (@Nullable Mbuf s = m; s != null && at < length; s = s.next()) {
            int n = Math.min(s.dataLength(), length - at);
            s.bytes(0, into, at, n);
            at += n;
        }
        cache.free(m);
        if (at < MIN_FRAME) {
            Arrays.fill(into, at, MIN_FRAME, (byte) 0);
            at = MIN_FRAME;
        }
        return at;
    }

    @Override
    public void await(long nanos) {
        flush();
        waiter.await(nanos);
    }

    @Override
    public void wake(Thread sleeper) {
        waiter.wake();
    }

    /** After the engine has ended. */
    @Override
    public void close() {
        while (taken < arrived) {
            received[taken++].free();
        }
        for (int i = 0; i < pending; i++) {
            sending[i].free();
        }
        pending = 0;
        waiter.close();
        cache.close();
        try {
            port.close();
        } finally {
            pool.close();
        }
    }
}
