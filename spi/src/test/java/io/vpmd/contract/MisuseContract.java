// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Wrong arguments give exceptions and change nothing. */
interface MisuseContract extends Rigged {
    @Test
    default void nullIsRefusedAndNothingIsConsumed() {
        Port port = rig().started();
        for (boolean started : new boolean[] {true, false}) {
            RxQueue rx = port.rxQueue(0);
            TxQueue tx = port.txQueue(0);
            int held = rig().pool().taken();
            Mbuf[] burst = new Mbuf[8];
            for (int i = 0; i < 8; i++) {
                burst[i] = i == 5 ? null : rig().packet(rig().frame(i, 80));
            }
            PortStats before = port.stats();
            assertThrows(NullPointerException.class, () -> tx.txBurst(null, 0, 1));
            assertThrows(NullPointerException.class, () -> rx.rxBurst(null, 0, 1));
            assertThrows(NullPointerException.class, () -> tx.txBurst(burst, 0, 8));
            assertEquals(held + 7, rig().pool().taken(), "packets that are still the caller's");
            assertEquals(before, port.stats(), "counters");
            for (Mbuf m : burst) {
                if (m != null) {
                    m.free();
                }
            }
            afterwardsItWorks(started);
            port.stop();
        }
    }

    @Test
    default void aRangeOutsideTheArrayIsRefused() {
        Port port = rig().started();
        RxQueue rx = port.rxQueue(0);
        TxQueue tx = port.txQueue(0);
        int held = rig().pool().taken();
        Mbuf[] burst = {rig().packet(rig().frame(1, 80)), rig().packet(rig().frame(2, 80))};
        int[][] ranges = {{0, 3}, {-1, 1}, {1, 2}, {2, 1}, {0, -1}, {Integer.MAX_VALUE, 2}};
        for (int[] r : ranges) {
            String what = "at " + r[0] + ", " + r[1] + " elements";
            assertThrows(
                    IndexOutOfBoundsException.class, () -> tx.txBurst(burst, r[0], r[1]), what);
            assertThrows(
                    IndexOutOfBoundsException.class, () -> rx.rxBurst(burst, r[0], r[1]), what);
        }
        assertEquals(held + 2, rig().pool().taken(), "packets that are still the caller's");
        burst[0].free();
        burst[1].free();
        afterwardsItWorks(true);
    }

    /** Packets pass after refused bursts. */
    private void afterwardsItWorks(boolean started) {
        if (started && rig().fixture().collects()) {
            List<byte[]> frames = rig().frames(0, 10);
            Rig.assertFrames(frames, rig().send(frames, 8));
        }
    }

    /** Else the port could not be stopped until the next burst. */
    @Test
    default void aRefusedBurstHasLeftItsQueue() {
        Port port = rig().started();
        Mbuf[] one = new Mbuf[1];
        assertThrows(NullPointerException.class, () -> port.txQueue(0).txBurst(one, 0, 1));
        port.stop();
        port.start();
        assertThrows(IndexOutOfBoundsException.class, () -> port.rxQueue(0).rxBurst(one, 1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> port.txQueue(0).txBurst(one, 1, 1));
        port.stop();
    }

    @Test
    default void configurationsThatThePortCannotDoAreRefused() {
        Port port = rig().port();
        PortInfo info = port.info();
        PortConfig good = rig().config();
        refused(port, good.withQueues(0, 1));
        refused(port, good.withQueues(1, 0));
        refused(port, good.withQueues(info.maxRxQueues() + 1, 1));
        refused(port, good.withQueues(1, info.maxTxQueues() + 1));
        refused(port, good.withRings(100, 256));
        refused(port, good.withRings(256, 0));
        for (RxOffload each : EnumSet.complementOf(copyRx(info.rxOffloads()))) {
            refused(port, good.withOffloads(Set.of(each), Set.of()));
        }
        for (TxOffload each : EnumSet.complementOf(copyTx(info.txOffloads()))) {
            refused(port, good.withOffloads(Set.of(), Set.of(each)));
        }
        MbufPool closed = rig().newPool("closed", 64);
        closed.close();
        refused(port, PortConfig.of(closed));
        rig().started(good);
        afterwardsItWorks(true);
    }

    private static EnumSet<RxOffload> copyRx(Set<RxOffload> set) {
        EnumSet<RxOffload> copy = EnumSet.noneOf(RxOffload.class);
        copy.addAll(set);
        return copy;
    }

    private static EnumSet<TxOffload> copyTx(Set<TxOffload> set) {
        EnumSet<TxOffload> copy = EnumSet.noneOf(TxOffload.class);
        copy.addAll(set);
        return copy;
    }

    private static void refused(Port port, PortConfig config) {
        PortException e =
                assertThrows(PortException.class, () -> port.configure(config), config::toString);
        assertEquals("configure", e.operation());
        assertTrue(e.getMessage().contains(port.name()), e::getMessage);
    }

    @Test
    default void queuesThatAreNotThereAreRefused() {
        Port port = rig().configured();
        for (int index : new int[] {-1, 1, 1000}) {
            PortException rx = assertThrows(PortException.class, () -> port.rxQueue(index));
            PortException tx = assertThrows(PortException.class, () -> port.txQueue(index));
            assertTrue(rx.getMessage().contains(Integer.toString(index)), rx::getMessage);
            assertTrue(tx.getMessage().contains(Integer.toString(index)), tx::getMessage);
        }
    }
}
