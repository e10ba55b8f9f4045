// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortException;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.feature.DoubleVlan;
import io.vpmd.spi.feature.Eeprom;
import io.vpmd.spi.feature.Firmware;
import io.vpmd.spi.feature.FlowControl;
import io.vpmd.spi.feature.Led;
import io.vpmd.spi.feature.LinkSpeeds;
import io.vpmd.spi.feature.MacFilters;
import io.vpmd.spi.feature.QueueControl;
import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.feature.Rss;
import io.vpmd.spi.feature.SelfTest;
import io.vpmd.spi.feature.Timesync;
import io.vpmd.spi.feature.VlanFilter;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What the port offers beyond the basics, on QEMU's 82576 (T2). */
class IgbFeaturesTest extends IgbQtestCase {
    private <F> F feature(Class<F> type) {
        return port.feature(type).orElseThrow(() -> new AssertionError(type + " is not there"));
    }

    private static Registers registers() {
        return new Registers(IgbQtestFixture.qemu().bus(0).bar(0), "test");
    }

    @Test
    void addedAddressesAreReceivedAndNoOthers() {
        start(config());
        MacFilters filters = feature(MacFilters.class);
        assertEquals(23, filters.maxUnicast());
        // The last one is in the second array of registers.
        for (int i = 0; i < 23; i++) {
            filters.addUnicast(new MacAddress(0x0200_0000_1000L + i));
        }
        for (int i : new int[] {0, 14, 15, 22}) {
            assertTrue(receives(frame(new MacAddress(0x0200_0000_1000L + i), 100)), "address " + i);
        }
        assertFalse(receives(frame(STRANGER, 100)));
        PortException e =
                assertThrows(PortException.class, () -> filters.addUnicast(STRANGER), "full");
        assertTrue(e.getMessage().contains("room for 23"), e::getMessage);
        filters.removeUnicast(new MacAddress(0x0200_0000_1000L));
        assertFalse(receives(frame(new MacAddress(0x0200_0000_1000L), 100)), "removed");
        assertTrue(receives(frame(new MacAddress(0x0200_0000_1016L), 100)), "the last one");
        assertThrows(PortException.class, () -> filters.addUnicast(GROUP));
    }

    @Test
    void multicastAddressesPassTheHash() {
        start(config());
        MacFilters filters = feature(MacFilters.class);
        MacAddress other = MacAddress.parse("33:33:00:00:00:16");
        filters.setMulticast(Set.of(GROUP, other));
        assertTrue(receives(frame(GROUP, 100)));
        assertTrue(receives(frame(other, 100)));
        assertFalse(receives(frame(MacAddress.parse("01:00:5e:00:00:99"), 100)));
        port.stop();
        port.start();
        assertTrue(receives(frame(GROUP, 100)), "after stop and start");
        filters.setMulticast(Set.of());
        assertFalse(receives(frame(GROUP, 100)));
        assertThrows(PortException.class, () -> filters.setMulticast(Set.of(STRANGER)));
    }

    @Test
    void onlyWantedVlansAreReceived() {
        start(config().withOffloads(EnumSet.of(RxOffload.VLAN_FILTER), Set.of()));
        VlanFilter filter = feature(VlanFilter.class);
        assertTrue(receives(frame(port.mac(), 100)), "without a tag");
        assertFalse(receives(tagged(291)));
        for (int id : new int[] {0, 31, 32, 291, 4095}) {
            filter.addVlan(id);
            assertTrue(receives(tagged(id)), () -> "VLAN " + id);
        }
        assertEquals(Set.of(0, 31, 32, 291, 4095), filter.vlans());
        filter.removeVlan(291);
        assertFalse(receives(tagged(291)));
        assertThrows(PortException.class, () -> filter.addVlan(4096));
    }

    private byte[] tagged(int id) {
        return withTag(frame(port.mac(), 100), 0x8100, id);
    }

    @Test
    void theInnerOfTwoTagsIsStripped() {
        start(config().withOffloads(EnumSet.of(RxOffload.VLAN_STRIP), Set.of()));
        DoubleVlan twice = feature(DoubleVlan.class);
        byte[] plain = frame(port.mac(), 100);
        byte[] outer = withTag(plain, 0x88a8, 0x0abc);
        byte[] both = withTag(withTag(plain, 0x8100, 0x6123), 0x88a8, 0x0abc);
        twice.setOuterType(DoubleVlan.SERVICE_TAG);
        fixture.inject(both);
        Mbuf m = receive();
        assertTrue(m.has(MbufFlags.RX_VLAN_STRIPPED));
        assertEquals(0x6123, m.vlan());
        assertArrayEquals(outer, bytes(m));
        twice.setOuterType(0);
        assertTrue(receives(both), "two tags are nothing special any more");
        assertThrows(PortException.class, () -> twice.setOuterType(5));
    }

    @Test
    void hashKeyTableAndTypesDecideWhereTcpGoes() {
        start(config().withQueues(4, 1).withOffloads(EnumSet.of(RxOffload.RSS_HASH), Set.of()));
        Rss rss = feature(Rss.class);
        byte[] frame = tcp(true, true);
        int[] table = rss.table();
        assertEquals(128, table.length);
        Arrays.fill(table, 2);
        rss.setTable(table);
        assertEquals(0x51cc_c178, hashIn(2, frame));
        rss.setHashes(EnumSet.of(Rss.Hash.IPV4));
        assertEquals(0x323e_8fc2, hashIn(2, frame), "the published hash over addresses only");
        rss.setHashes(EnumSet.allOf(Rss.Hash.class));
        rss.setKey(new byte[40]);
        assertEquals(0, hashIn(2, frame), "with a key of zeros");
        port.stop();
        port.start();
        assertEquals(0, hashIn(2, frame), "after stop and start");
        table[0] = 4;
        PortException e = assertThrows(PortException.class, () -> rss.setTable(table));
        assertTrue(e.getMessage().contains("no queue 4"), e::getMessage);
        assertThrows(PortException.class, () -> rss.setKey(new byte[39]));
    }

    private int hashIn(int queue, byte[] frame) {
        fixture.inject(frame);
        Mbuf[] into = new Mbuf[1];
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (port.rxQueue(queue).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing in queue " + queue);
        }
        int hash = into[0].rssHash();
        into[0].free();
        return hash;
    }

    /** QEMU's PHY keeps what is offered, and runs at a gigabit whatever that is. */
    @Test
    void theSpeedsThatAreOfferedAreInThePhy() {
        start(config());
        LinkSpeeds speeds = feature(LinkSpeeds.class);
        assertEquals(5, speeds.supportedModes().size());
        for (LinkSpeeds.Mode mode : speeds.supportedModes()) {
            speeds.advertise(Set.of(mode));
            assertEquals(Set.of(mode), speeds.advertisedModes());
        }
        speeds.advertise(speeds.supportedModes());
        IgbQtestFixture.awaitLink(port);
        assertTrue(receives(frame(port.mac(), 100)));
    }

    @Test
    void pauseSettingsAreInTheRegisters() {
        start(config());
        FlowControl control = feature(FlowControl.class);
        assertFalse(control.pause().send());
        FlowControl.Pause wanted = new FlowControl.Pause(false, true, true, 0x8000, 0x7000, 0x1234);
        control.setPause(wanted);
        Registers regs = registers();
        int both = IgbRegs.CTRL_RFCE | IgbRegs.CTRL_TFCE;
        assertEquals(both, regs.read(IgbRegs.CTRL) & both);
        assertEquals(0x8000, regs.read(IgbRegs.FCRTH0));
        assertEquals(0x8000_7000, regs.read(IgbRegs.FCRTL0));
        assertEquals(0x1234, regs.read(IgbRegs.FCTTV));
        assertEquals(wanted, control.activePause());
        assertThrows(
                PortException.class,
                () ->
                        control.setPause(
                                new FlowControl.Pause(false, true, true, 0x7000, 0x8000, 1)));
        assertEquals(wanted, control.pause());
        // QEMU's partner offers no pause frames, so that agreement means none.
        control.setPause(new FlowControl.Pause(true, true, true, 0x8000, 0x7000, 0x1234));
        IgbQtestFixture.awaitLink(port);
        assertEquals(control.activePause().send(), (regs.read(IgbRegs.FCRTH0) != 0));
        assertTrue(receives(frame(port.mac(), 100)));
    }

    @Test
    void theDumpHasTheRegistersInEthtoolsOrder() {
        start(config());
        assertTrue(receives(frame(port.mac(), 100)));
        RegisterDump dump = feature(RegisterDump.class);
        assertEquals("igb", dump.format());
        assertEquals(0x0101_10c9, dump.version());
        ByteBuffer words = ByteBuffer.wrap(dump.dump()).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(740 * 4, words.capacity());
        Registers regs = registers();
        assertEquals(regs.read(IgbRegs.CTRL), words.getInt(0));
        assertEquals(regs.read(IgbRegs.STATUS), words.getInt(4));
        assertEquals(regs.read(IgbRegs.RCTL), words.getInt(4 * 32));
        assertEquals(2, words.getInt(4 * 80), "GPRC, of the two frames above");
        assertEquals(regs.read(IgbRegs.RDLEN, 0), words.getInt(4 * 137));
        assertEquals(regs.read(IgbRegs.RXDCTL, 3), words.getInt(4 * 152));
        assertEquals(regs.read(IgbRegs.RAL, 0), words.getInt(4 * 179));
        assertEquals(regs.read(IgbRegs.TDBAL, 0), words.getInt(4 * 211));
        assertEquals(regs.read(IgbRegs.RXDCTL, 15), words.getInt(4 * 642));
        assertEquals(regs.read(IgbRegs.TDWBAH, 15), words.getInt(4 * 738));
        assertEquals(2, port.xstats().get("rx_mac_good_packets"), "a dump clears nothing");
        assertEquals(regs.read(IgbRegs.RDLEN, 5), dump.registers().get("RDLEN[5]"));
        assertFalse(dump.registers().containsKey("ICR"));
    }

    @Test
    void theEepromHoldsAddressAndChecksum() {
        Eeprom eeprom = feature(Eeprom.class);
        byte[] all = eeprom.readEeprom(0, 0x80);
        assertArrayEquals(port.mac().bytes(), Arrays.copyOf(all, 6));
        int sum = 0;
        for (int i = 0; i < 0x80; i += 2) {
            sum += (all[i] & 0xff) | (all[i + 1] & 0xff) << 8;
        }
        assertEquals(0xbaba, sum & 0xffff);
        assertArrayEquals(Arrays.copyOfRange(all, 3, 10), eeprom.readEeprom(3, 7));
        assertEquals(0x10c9_8086, eeprom.eepromMagic());
        int size = eeprom.eepromSize();
        assertThrows(PortException.class, () -> eeprom.readEeprom(size - 1, 2));
        assertTrue(
                feature(Firmware.class)
                        .firmwareVersion()
                        .matches("\\d+\\.[0-9a-f]+, 0x[0-9a-f]{8}"),
                () -> feature(Firmware.class).firmwareVersion());
    }

    @Test
    void lightsBlinkAndStop() {
        Led led = feature(Led.class);
        Registers regs = registers();
        int before = regs.read(IgbRegs.LEDCTL);
        led.identify(true);
        led.identify(true);
        assertEquals(0x8e8e_8e8e, regs.read(IgbRegs.LEDCTL));
        led.identify(false);
        assertEquals(before, regs.read(IgbRegs.LEDCTL));
    }

    @Test
    void selfTestsPassAndTheTrafficGoesOn() {
        start(config());
        port.setPromiscuous(true);
        List<SelfTest.Result> online = feature(SelfTest.class).selfTest(false);
        assertEquals(SelfTest.Outcome.SKIPPED, outcome(online, "loopback"));
        List<SelfTest.Result> results = feature(SelfTest.class).selfTest(true);
        for (String name : List.of("register", "eeprom", "interrupt", "loopback", "link")) {
            assertEquals(SelfTest.Outcome.PASSED, outcome(results, name), results::toString);
        }
        IgbQtestFixture.awaitLink(port);
        assertTrue(receives(frame(STRANGER, 100)), "promiscuous as before");
        byte[] frame = frame(port.mac(), 100);
        send(packet(frame));
        assertArrayEquals(frame, collect());
    }

    private static SelfTest.Outcome outcome(List<SelfTest.Result> results, String name) {
        return results.stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    @Test
    void aSingleQueueIsStoppedAndStarted() {
        start(config().withQueues(2, 2));
        QueueControl queues = feature(QueueControl.class);
        queues.stopTxQueue(1);
        assertFalse(queues.txQueueStarted(1));
        Mbuf[] one = {packet(frame(port.mac(), 100))};
        assertEquals(1, port.txQueue(1).txBurst(one, 0, 1), "a stopped queue consumes");
        assertEquals(1, port.stats().txDropped());
        byte[] frame = frame(port.mac(), 90);
        send(packet(frame));
        assertArrayEquals(frame, collect(), "the other queue sends");
        queues.startTxQueue(1);
        one[0] = packet(frame);
        assertEquals(1, port.txQueue(1).txBurst(one, 0, 1));
        assertArrayEquals(frame, collect(), "it sends again");
        int held = pool.taken();
        queues.stopRxQueue(1);
        assertEquals(held - 64, pool.taken(), "a stopped queue keeps no buffer");
        assertTrue(receives(frame), "the other queue receives");
        port.setMtu(1400);
        assertFalse(queues.rxQueueStarted(1), "after an internal stop");
        queues.startRxQueue(1);
        assertTrue(queues.rxQueueStarted(1));
        assertEquals(held, pool.taken());
        queues.stopRxQueue(0);
        port.stop();
        assertThrows(PortException.class, () -> queues.startRxQueue(0));
        port.start();
        assertTrue(queues.rxQueueStarted(0), "a start starts all");
        assertTrue(receives(frame));
    }

    @Test
    void theClockRunsAndStampsBothWays() {
        PortConfig config = config().withOffloads(Set.of(), EnumSet.of(TxOffload.TIMESTAMP));
        start(config);
        Timesync clock = feature(Timesync.class);
        assertThrows(PortException.class, clock::readTime, "not enabled");
        clock.enableTimesync();
        clock.setTime(1_000_000_000L);
        long first = clock.readTime();
        assertTrue(first >= 1_000_000_000L);
        // QEMU's time passes as it likes in this rig, but never backwards.
        Registers.delayMicros(10_000);
        long second = clock.readTime();
        assertTrue(second >= first + 10_000_000, () -> second - first + " ns passed");
        clock.adjustTime(5_000_000_000L);
        assertTrue(clock.readTime() >= second + 5_000_000_000L);
        assertEquals(0x0180_0000, registers().read(IgbRegs.TIMINCA), "16 ns every 16 ns");
        clock.adjustFrequency(-1_000);
        assertEquals(0x017f_fff8, registers().read(IgbRegs.TIMINCA));
        assertThrows(PortException.class, () -> clock.adjustFrequency(1_000_000_000));
        byte[] sync = frame(port.mac(), 60);
        ByteBuffer.wrap(sync).putShort(12, (short) 0x88f7).putShort(14, (short) 0x0002);
        Mbuf m = packet(sync);
        m.setFlags(MbufFlags.TX_TIMESTAMP);
        long earliest = clock.readTime();
        send(m);
        collect();
        between(earliest, clock.readTxTimestamp(), clock.readTime());
        assertEquals(OptionalLong.empty(), clock.readTxTimestamp(), "once");
        earliest = clock.readTime();
        fixture.inject(sync);
        receive().free();
        between(earliest, clock.readRxTimestamp(), clock.readTime());
        clock.disableTimesync();
        fixture.inject(sync);
        receive().free();
        clock.enableTimesync();
        assertEquals(OptionalLong.empty(), clock.readRxTimestamp(), "while it was off");
    }

    private static void between(long from, OptionalLong stamp, long to) {
        assertTrue(stamp.isPresent(), "no stamp");
        assertTrue(
                stamp.getAsLong() >= from && stamp.getAsLong() <= to,
                () -> stamp + " is not between " + from + " and " + to);
    }
}
