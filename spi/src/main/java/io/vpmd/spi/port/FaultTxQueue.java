// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.MbufRecycler;

/** Lets packets go through what a {@link FaultDice} decides before they are sent. */
final class FaultTxQueue extends DecoratorTxQueue {
    private final Faults faults;
    private final FaultDice dice;
    private final MbufPool pool;
    private final MbufRecycler recycler = new MbufRecycler();
    private final Mbuf[] single = new Mbuf[1];
    private boolean rolled;
    private int fate;

    FaultTxQueue(TxQueue inner, Faults faults, FaultDice dice, MbufPool pool) {
        super(inner);
        this.faults = faults;
        this.dice = dice;
        this.pool = pool;
    }

    FaultDice dice() {
        return dice;
    }

    @Override
    int send(Mbuf[] from, int at, int count) {
        int room = dice.room(count);
        if (!faults.sending()) {
            return inner().txBurst(from, at, room);
        }
        int done = 0;
        while (done < room && sendOne(from, at + done)) {
            rolled = false;
            done++;
        }
        return done;
    }

    /** Returns false when the queue inside is full; the packet's fate is kept for the next try. */
    private boolean sendOne(Mbuf[] from, int at) {
        Mbuf packet = from[at];
        if (!rolled) {
            fate = dice.roll();
            rolled = true;
        }
        if ((fate & FaultDice.DROP) != 0) {
            dice.count(FaultDice.DROP);
            recycler.free(packet);
            countDropped(1);
            return true;
        }
        if ((fate & FaultDice.CORRUPT) != 0) {
            dice.corrupt(packet);
            fate &= ~FaultDice.CORRUPT;
        }
        // Copied first: a packet that is sent is no longer ours.
        Mbuf twin =
                (fate & FaultDice.DUPLICATE) == 0 ? null : dice.copy(packet, recycler.cache(pool));
        if (inner().txBurst(from, at, 1) == 0) {
            if (twin != null) {
                recycler.free(twin);
            }
            return false;
        }
        if (twin != null) {
            single[0] = twin;
            if (inner().txBurst(single, 0, 1) == 0) {
                recycler.free(twin);
            } else {
                dice.count(FaultDice.DUPLICATE);
            }
        }
        return true;
    }

    @Override
    protected void release() {
        recycler.close();
    }
}
