// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortState;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Bursts on a port that is not started consume, free and count, and bring nothing. */
interface StoppedContract extends Rigged {
    @Test
    default void aPortThatWasNeverStartedConsumes() {
        Port port = rig().configured();
        assertConsumes(port.rxQueue(0), port.txQueue(0));
    }

    @Test
    default void aStoppedPortConsumes() {
        Port port = rig().started();
        port.stop();
        assertConsumes(port.rxQueue(0), port.txQueue(0));
    }

    @Test
    default void aClosedPortConsumes() {
        Port port = rig().started();
        RxQueue rx = port.rxQueue(0);
        TxQueue tx = port.txQueue(0);
        port.close();
        assertConsumes(rx, tx);
    }

    @Test
    default void aPortWhoseDeviceIsGoneConsumes() {
        Port port = rig().started();
        rig().need(rig().fixture().removeDevice(), "device that the fixture can take away");
        Deadline deadline = Deadline.in(5_000);
        while (port.state() != PortState.REMOVED) {
            deadline.check("the port does not notice that its device is gone");
        }
        assertConsumes(port.rxQueue(0), port.txQueue(0));
        port.stop();
        assertConsumes(port.rxQueue(0), port.txQueue(0));
    }

    private void assertConsumes(RxQueue rx, TxQueue tx) {
        PortStats before = rig().port().stats();
        rig().assertNothingTaken("on a port that is not started");
        Mbuf[] burst = new Mbuf[32];
        for (int i = 0; i < burst.length; i++) {
            burst[i] = rig().packet(rig().frame(i, 100));
        }
        assertEquals(32, tx.txBurst(burst, 0, 32), "txBurst");
        rig().assertNothingTaken("after txBurst on a port that is not started");
        for (int i = 0; i < 100; i++) {
            assertEquals(0, rx.rxBurst(burst, 0, 32), "rxBurst");
        }
        PortStats now = rig().port().stats().minus(before);
        assertEquals(new PortStats(0, 0, 0, 0, 0, 32, 0, 0), now, "counters");
    }

    @Test
    default void aStoppedPortBringsNothing() {
        rig().needInject();
        Port port = rig().started();
        rig().arrive(rig().frames(0, 50));
        port.stop();
        Mbuf[] into = new Mbuf[8];
        for (int i = 0; i < 20; i++) {
            assertEquals(0, port.rxQueue(0).rxBurst(into, 0, 8), "rxBurst after stop");
        }
    }

    @Test
    default void stopFreesWhatNobodyTook() {
        rig().needInject();
        Port port = rig().started();
        rig().arrive(rig().frames(0, 50));
        port.stop();
        rig().assertNothingTaken("after stop");
    }

    @Test
    default void aRestartedPortBeginsAfresh() {
        rig().needInject();
        Port port = rig().started();
        for (int round = 0; round < 5; round++) {
            rig().arrive(rig().frames(1000, 20));
            port.stop();
            port.start();
            List<byte[]> fresh = rig().frames(round * 50, 50);
            List<byte[]> got = rig().receive(fresh, 32);
            assertFalse(
                    got.stream().anyMatch(f -> TestFrames.sequence(f) >= 1000),
                    "a packet from before the stop");
            Rig.assertFrames(fresh, got);
        }
    }
}
