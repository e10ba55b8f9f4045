// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;

import org.jspecify.annotations.Nullable;

/** Lets received packets go through what a {@link FaultDice} decides, and through a delay. */
final class FaultRxQueue extends DecoratorRxQueue {
    private static final int CAPACITY = 4096;
    private static final int CHUNK = 256;

    /** How long a packet that shall come after the next one waits for it. */
    private static final long LATE_NANOS = 200_000_000;

    private final Faults faults;
    private final FaultDice dice;
    private final MbufPool pool;
    private final MbufRecycler recycler = new MbufRecycler();
    private final Mbuf[] arrived = new Mbuf[CHUNK];

    /* What may go on at its time, oldest first: head and tail run free. */
    private final Mbuf[] line = new Mbuf[CAPACITY];
    private final long[] dueNanos = new long[CAPACITY];
    private int head;
    private int tail;

    private @Nullable Mbuf late;
    private long lateSince;

    FaultRxQueue(RxQueue inner, int portId, Faults faults, FaultDice dice, MbufPool pool) {
        super(inner, portId);
        this.faults = faults;
        this.dice = dice;
        this.pool = pool;
    }

    FaultDice dice() {
        return dice;
    }

    @Override
    int receive(Mbuf[] into, int at, int max) {
        int n;
        if (faults.receiving()) {
            long now = System.nanoTime();
            fetch(max, now);
            n = release(into, at, max, now);
        } else {
            n = inner().rxBurst(into, at, max);
        }
        long bytes = 0;
        for (int i = 0; i < n; i++) {
            bytes += into[at + i].packetLength();
        }
        countReceived(n, bytes);
        return n;
    }

    private void fetch(int max, long now) {
        // Each may become two, and one may be late.
        int room = (CAPACITY - (tail - head) - 1) / 2;
        int n = inner().rxBurst(arrived, 0, Math.min(Math.min(max, CHUNK), room));
        for (int i = 0; i < n; i++) {
            suffer(arrived[i], now);
        }
        Mbuf waiting = late;
        if (waiting != null && now - lateSince > LATE_NANOS) {
            late = null;
            append(waiting, now);
        }
    }

    private void suffer(Mbuf packet, long now) {
        int fate = dice.roll();
        if ((fate & FaultDice.DROP) != 0) {
            dice.count(FaultDice.DROP);
            recycler.free(packet);
            countDropped(1);
            return;
        }
        if ((fate & FaultDice.CORRUPT) != 0) {
            dice.corrupt(packet);
        }
        Mbuf twin =
                (fate & FaultDice.DUPLICATE) == 0 ? null : dice.copy(packet, recycler.cache(pool));
        if (twin != null) {
            dice.count(FaultDice.DUPLICATE);
            append(twin, now);
        }
        Mbuf waiting = late;
        if ((fate & FaultDice.REORDER) != 0 && waiting == null) {
            dice.count(FaultDice.REORDER);
            late = packet;
            lateSince = now;
            return;
        }
        append(packet, now);
        if (waiting != null) {
            late = null;
            append(waiting, now);
        }
    }

    private void append(Mbuf packet, long now) {
        int place = tail++ & (CAPACITY - 1);
        line[place] = packet;
        dueNanos[place] = now + faults.delayNanos();
    }

    private int release(Mbuf[] into, int at, int max, long now) {
        int n = 0;
        while (n < max && head != tail && now - dueNanos[head & (CAPACITY - 1)] >= 0) {
            into[at + n++] = line[head++ & (CAPACITY - 1)];
        }
        return n;
    }

    @Override
    boolean pending() {
        return head != tail || late != null;
    }

    @Override
    PortStats innerStats() {
        // Packets are counted when they leave the line.
        PortStats in = inner().stats();
        return new PortStats(0, 0, 0, 0, in.rxDropped(), 0, in.rxErrors(), 0);
    }

    /** Frees what is on its way; no burst is running. */
    void stop() {
        while (head != tail) {
            line[head++ & (CAPACITY - 1)].free();
        }
        if (late != null) {
            late.free();
            late = null;
        }
    }

    /** Buffers of {@code wanted} on their way; no burst is running. */
    int held(MbufPool wanted) {
        int count = held(late, wanted);
        for (int i = head; i != tail; i++) {
            count += held(line[i & (CAPACITY - 1)], wanted);
        }
        return count;
    }

    private static int held(@Nullable Mbuf packet, MbufPool wanted) {
        int count = 0;
        for (Mbuf m = packet; m != null; m = m.next()) {
            count += m.pool() == wanted ? 1 : 0;
        }
        return count;
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
