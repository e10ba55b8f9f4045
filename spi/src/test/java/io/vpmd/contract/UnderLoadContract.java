// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortState;

import org.junit.jupiter.api.Test;

/** Control methods while threads burst on every queue. */
interface UnderLoadContract extends Rigged {
    /** 1 000 rounds in full, 100 as a share, and a fifth of that where a round is slow. */
    private int rounds() {
        return Soak.rounds(1_000, rig().fixture().fewRounds());
    }

    private Port startedWithAllQueues() {
        PortInfo info = rig().info();
        int rx = Math.min(2, info.maxRxQueues());
        int tx = Math.min(2, info.maxTxQueues());
        return rig().started(rig().config().withQueues(rx, tx));
    }

    @Test
    default void stopAndStartUnderLoad() {
        Port port = startedWithAllQueues();
        try (Load load = new Load(rig())) {
            for (int i = 0; i < rounds(); i++) {
                load.moves();
                port.stop();
                load.mustRest();
                port.start();
            }
            load.end();
        }
        assertEquals(PortState.STARTED, port.state());
    }

    @Test
    default void mtuChangesUnderLoad() {
        Port port = startedWithAllQueues();
        int[] mtus = {Math.max(port.info().minMtu(), 1000), Math.min(port.info().maxMtu(), 1500)};
        try (Load load = new Load(rig())) {
            for (int i = 0; i < rounds(); i++) {
                load.moves();
                port.setMtu(mtus[i % 2]);
                assertEquals(mtus[i % 2], port.mtu());
            }
            load.moves();
            load.end();
        }
        assertEquals(PortState.STARTED, port.state());
    }

    @Test
    default void closeUnderLoad() {
        startedWithAllQueues();
        try (Load load = new Load(rig())) {
            for (int i = 0; i < rounds(); i++) {
                load.moves();
                rig().port().close();
                load.mustRest();
                rig().reopened();
                load.use(startedWithAllQueues());
            }
            load.end();
        }
    }

    @Test
    default void otherSettingsAndCountersUnderLoad() {
        Port port = startedWithAllQueues();
        try (Load load = new Load(rig())) {
            for (int i = 0; i < rounds(); i++) {
                load.moves();
                port.setPromiscuous(i % 2 == 0);
                port.setAllmulticast(i % 2 == 0);
                port.stats();
                port.xstats();
                port.link();
            }
            load.end();
        }
    }
}
