// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.feature.DoubleVlan;
import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.feature.Firmware;
import io.vpmd.spi.feature.FlowControl;
import io.vpmd.spi.feature.FlowFilters;
import io.vpmd.spi.feature.Led;
import io.vpmd.spi.feature.MacFilters;
import io.vpmd.spi.feature.ModuleEeprom;
import io.vpmd.spi.feature.QueueControl;
import io.vpmd.spi.feature.RateLimit;
import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.feature.Rss;
import io.vpmd.spi.feature.SelfTest;
import io.vpmd.spi.feature.Timesync;
import io.vpmd.spi.feature.VlanFilter;
import io.vpmd.spi.mbuf.Mbuf;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What ports of real devices offer; each case is skipped where its feature is not there. */
interface DeviceFeatureContract extends Rigged {
    private <F> F device(Class<F> type) {
        Optional<F> feature = rig().port().feature(type);
        rig().need(feature.isPresent(), type.getSimpleName());
        return feature.orElseThrow();
    }

    /** The port moves packets as before. */
    private void passes() {
        if (rig().fixture().injects()) {
            List<byte[]> frames = rig().frames(0, 10);
            Rig.assertFrames(frames, rig().receive(frames, 8));
        }
        if (rig().fixture().collects()) {
            List<byte[]> frames = rig().frames(0, 10);
            Rig.assertFrames(frames, rig().send(frames, 8));
        }
    }

    @Test
    default void rssSettingsAreKept() {
        Rss rss = device(Rss.class);
        Port port = rig().started();
        byte[] key = new byte[rss.keyLength()];
        Arrays.setAll(new int[key.length], i -> key[i] = (byte) (i * 7));
        rss.setKey(key);
        int[] table = new int[rss.tableSize()];
        rss.setTable(table);
        Set<Rss.Hash> one = EnumSet.of(rss.supportedHashes().iterator().next());
        rss.setHashes(one);
        port.stop();
        port.start();
        assertArrayEquals(key, rss.key(), "key");
        assertArrayEquals(table, rss.table(), "table");
        assertEquals(one, rss.hashes(), "hashes");
        table[0] = port.config().rxQueues();
        assertThrows(PortException.class, () -> rss.setTable(table), "no such queue");
        assertThrows(PortException.class, () -> rss.setKey(new byte[1]));
        assertEquals(0, rss.table()[0], "after a refused table");
        passes();
    }

    @Test
    default void macFiltersTakeAddressesUpToTheirRoom() {
        MacFilters filters = device(MacFilters.class);
        rig().started();
        MacAddress first = new MacAddress(0x0200_0000_2000L);
        for (int i = 0; i < filters.maxUnicast(); i++) {
            filters.addUnicast(new MacAddress(0x0200_0000_2000L + i));
        }
        filters.addUnicast(first);
        assertEquals(filters.maxUnicast(), filters.unicast().size());
        MacAddress more = MacAddress.parse("02:00:00:00:ff:ff");
        assertThrows(PortException.class, () -> filters.addUnicast(more), "no room");
        filters.removeUnicast(first);
        filters.removeUnicast(first);
        filters.addUnicast(more);
        assertTrue(filters.unicast().contains(more));
        MacAddress group = MacAddress.parse("01:00:5e:00:00:fb");
        filters.setMulticast(Set.of(group));
        assertEquals(Set.of(group), filters.multicast());
        assertThrows(PortException.class, () -> filters.setMulticast(Set.of(more)));
        assertThrows(PortException.class, () -> filters.addUnicast(group));
        passes();
    }

    @Test
    default void vlanIdsAreKept() {
        VlanFilter filter = device(VlanFilter.class);
        assertTrue(rig().info().rxOffloads().contains(RxOffload.VLAN_FILTER), "the offload");
        Port port = rig().started();
        filter.addVlan(0);
        filter.addVlan(VlanFilter.MAX_ID);
        filter.addVlan(7);
        filter.removeVlan(7);
        filter.removeVlan(8);
        port.stop();
        port.start();
        assertEquals(Set.of(0, VlanFilter.MAX_ID), filter.vlans());
        assertThrows(PortException.class, () -> filter.addVlan(-1));
        assertThrows(PortException.class, () -> filter.addVlan(VlanFilter.MAX_ID + 1));
        passes();
    }

    @Test
    default void theOuterTypeIsKept() {
        DoubleVlan twice = device(DoubleVlan.class);
        Port port = rig().started();
        assertEquals(0, twice.outerType());
        twice.setOuterType(DoubleVlan.SERVICE_TAG);
        port.stop();
        port.start();
        assertEquals(DoubleVlan.SERVICE_TAG, twice.outerType());
        assertThrows(PortException.class, () -> twice.setOuterType(1));
        twice.setOuterType(0);
        passes();
    }

    @Test
    default void pauseSettingsAreKept() {
        FlowControl control = device(FlowControl.class);
        Port port = rig().started();
        FlowControl.Pause before = control.pause();
        FlowControl.Pause wanted =
                new FlowControl.Pause(
                        false, true, true, before.highWaterBytes(), before.lowWaterBytes(), 100);
        control.setPause(wanted);
        port.stop();
        port.start();
        assertEquals(wanted, control.pause());
        assertEquals(wanted, control.activePause(), "what is not negotiated holds");
        FlowControl.Pause wrong = new FlowControl.Pause(false, true, true, 16, 32, 100);
        assertThrows(PortException.class, () -> control.setPause(wrong), "high below low");
        assertEquals(wanted, control.pause(), "after refused settings");
        control.setPause(before);
    }

    @Test
    default void aDumpChangesNothing() {
        RegisterDump dump = device(RegisterDump.class);
        Port port = rig().started();
        passes();
        rig().settle();
        var before = port.xstats();
        assertFalse(dump.format().isEmpty());
        assertTrue(dump.dump().length > 0 && dump.dump().length % 4 == 0);
        assertEquals(dump.dump().length, dump.dump().length);
        assertFalse(dump.registers().isEmpty());
        assertEquals(before, port.xstats());
    }

    @Test
    default void theEepromIsReadInPieces() {
        Eeprom eeprom = device(Eeprom.class);
        byte[] whole = eeprom.readEeprom(0, 64);
        for (int at = 0; at < 64; at += 5) {
            int n = Math.min(5, 64 - at);
            assertArrayEquals(Arrays.copyOfRange(whole, at, at + n), eeprom.readEeprom(at, n));
        }
        int size = eeprom.eepromSize();
        assertTrue(size >= 64);
        assertEquals(0, eeprom.readEeprom(size, 0).length);
        for (int[] r : new int[][] {{-1, 1}, {0, -1}, {size, 1}, {1, Integer.MAX_VALUE}}) {
            assertThrows(PortException.class, () -> eeprom.readEeprom(r[0], r[1]));
        }
        rig().port()
                .feature(Firmware.class)
                .ifPresent(f -> assertFalse(f.firmwareVersion().isEmpty()));
    }

    @Test
    default void theModulesMemoryIsReadInPieces() {
        ModuleEeprom module = device(ModuleEeprom.class);
        rig().started();
        int size = module.moduleLayout().bytes();
        byte[] whole = module.readModuleEeprom(0, size);
        assertEquals(size, whole.length);
        for (int at : new int[] {0, 1, 90, size / 2 - 5, size - 9}) {
            byte[] piece = module.readModuleEeprom(at, 9);
            assertArrayEquals(Arrays.copyOfRange(whole, at, at + 9), piece);
        }
        assertEquals(0, module.readModuleEeprom(size, 0).length);
        for (int[] r : new int[][] {{-1, 1}, {0, -1}, {size, 1}, {1, Integer.MAX_VALUE}}) {
            assertThrows(PortException.class, () -> module.readModuleEeprom(r[0], r[1]));
        }
        passes();
        rig().port().close();
        assertThrows(PortException.class, module::moduleLayout, "closed");
    }

    @Test
    default void lightsAndSelfTestLeaveTheTrafficAlone() {
        SelfTest test = device(SelfTest.class);
        rig().started();
        rig().port().feature(Led.class).ifPresent(led -> led.identify(true));
        List<SelfTest.Result> online = test.selfTest(false);
        Set<String> names = online.stream().map(SelfTest.Result::name).collect(Collectors.toSet());
        assertEquals(online.size(), names.size(), "names");
        passes();
        for (SelfTest.Result result : test.selfTest(true)) {
            assertTrue(result.outcome() != SelfTest.Outcome.FAILED, result::toString);
        }
        rig().port().feature(Led.class).ifPresent(led -> led.identify(false));
        if (rig().fixture().injects() || rig().fixture().collects()) {
            rig().fixture().connect(rig().port(), rig().pool());
        }
        passes();
    }

    @Test
    default void theClockNeverRunsBackwards() {
        Timesync clock = device(Timesync.class);
        rig().started();
        assertThrows(PortException.class, clock::readTime, "before it is enabled");
        clock.enableTimesync();
        long last = clock.readTime();
        for (int i = 0; i < 100; i++) {
            long now = clock.readTime();
            assertTrue(now >= last, "backwards");
            last = now;
        }
        clock.setTime(5);
        assertTrue(clock.readTime() >= 5 && clock.readTime() < last);
        clock.disableTimesync();
        assertThrows(PortException.class, clock::readTime, "disabled");
    }

    @Test
    default void aStoppedQueueConsumesAndHoldsNothing() {
        QueueControl queues = device(QueueControl.class);
        Port port = rig().started();
        queues.stopTxQueue(0);
        queues.stopTxQueue(0);
        assertFalse(queues.txQueueStarted(0));
        var frame = rig().packet(rig().frame(0, 64));
        assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {frame}, 0, 1));
        assertEquals(1, port.stats().txDropped());
        queues.startTxQueue(0);
        queues.stopRxQueue(0);
        assertEquals(0, rig().pool().taken(), "buffers of a stopped queue");
        queues.startRxQueue(0);
        passes();
        port.stop();
        assertThrows(PortException.class, () -> queues.startRxQueue(0), "on a stopped port");
    }

    @Test
    default void flowsAreKept() throws UnknownHostException {
        FlowFilters filters = device(FlowFilters.class);
        Port port = rig().started();
        InetAddress here = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        InetAddress there = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        FlowFilters.Flow tcp =
                new FlowFilters.Flow(FlowFilters.Transport.TCP, there, 0, here, 65_535);
        FlowFilters.Flow udp = new FlowFilters.Flow(FlowFilters.Transport.UDP, there, 7, here, 7);
        filters.addFlow(tcp, 0);
        filters.addFlow(tcp, 0);
        filters.addFlow(udp, 0);
        filters.removeFlow(udp);
        filters.removeFlow(udp);
        port.stop();
        port.start();
        assertEquals(Map.of(tcp, 0), filters.flows());
        assertThrows(
                PortException.class, () -> filters.addFlow(udp, port.config().rxQueues()), "queue");
        FlowFilters.Flow wrong =
                new FlowFilters.Flow(FlowFilters.Transport.UDP, there, -1, here, 7);
        assertThrows(PortException.class, () -> filters.addFlow(wrong, 0), "port");
        assertEquals(Map.of(tcp, 0), filters.flows(), "after refused ones");
        passes();
    }

    @Test
    default void rateLimitsAreKept() {
        RateLimit limits = device(RateLimit.class);
        Port port = rig().started();
        assertEquals(0, limits.rateLimit(0));
        limits.setRateLimit(0, 500);
        port.stop();
        port.start();
        assertEquals(500, limits.rateLimit(0));
        passes();
        assertThrows(PortException.class, () -> limits.setRateLimit(0, -1));
        int queues = port.info().maxTxQueues();
        assertThrows(PortException.class, () -> limits.setRateLimit(queues, 1), "queue");
        limits.setRateLimit(0, 0);
        assertEquals(0, limits.rateLimit(0));
    }
}
