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
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.mbuf.PacketType;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/** What is special to the 82576, on QEMU's (T2). */
class IgbQtestTest extends IgbQtestCase {
    @Test
    void oneFrameEachWayIsInTheRegisters() {
        start(config());
        assertEquals(1000, port.link().speedMbps());
        byte[] frame = frame(port.mac(), 100);
        send(packet(frame));
        assertArrayEquals(frame, collect());
        fixture.inject(frame);
        assertArrayEquals(frame, bytes(receive()));
        for (int i = 0; i < 2; i++) {
            // Read twice: the registers are cleared, the sums are not.
            Map<String, Long> x = port.xstats();
            assertEquals(1, x.get("rx_mac_good_packets"));
            assertEquals(104, x.get("rx_mac_good_bytes"));
            assertEquals(1, x.get("rx_size_65_to_127_packets"));
            assertEquals(1, x.get("tx_mac_good_packets"));
            assertEquals(104, x.get("tx_mac_good_bytes"));
        }
        port.resetStats();
        assertEquals(0, port.xstats().get("tx_mac_good_packets"));
    }

    @Test
    void addressesAreFiltered() {
        start(config());
        assertFalse(receives(frame(STRANGER, 100)), "another's address");
        assertFalse(receives(frame(GROUP, 100)), "a multicast address");
        assertTrue(receives(frame(MacAddress.BROADCAST, 100)), "broadcast");
        port.setAllmulticast(true);
        assertTrue(receives(frame(GROUP, 100)), "multicast in allmulticast mode");
        assertFalse(receives(frame(STRANGER, 100)), "another's address in allmulticast mode");
        port.setAllmulticast(false);
        port.setPromiscuous(true);
        assertTrue(receives(frame(STRANGER, 100)), "another's address in promiscuous mode");
        assertTrue(receives(frame(GROUP, 100)), "multicast in promiscuous mode");
        port.setPromiscuous(false);
        MacAddress old = port.mac();
        port.setMac(STRANGER);
        assertFalse(receives(frame(old, 100)), "the old address");
    }

    @Test
    void framesLongerThanTheMtuAreDropped() {
        start(config());
        port.setMtu(1000);
        assertTrue(receives(frame(port.mac(), 1014)));
        assertFalse(receives(frame(port.mac(), 1024)));
        port.setMtu(1500);
        assertTrue(receives(frame(port.mac(), 1514)));
    }

    @Test
    void jumboFramesAreScatteredAndGathered() {
        port.setMtu(9000);
        start(
                config().withOffloads(
                                EnumSet.of(RxOffload.SCATTER),
                                EnumSet.of(TxOffload.MULTI_SEGMENT)));
        for (int length : new int[] {2047, 2048, 2049, 4096, 4097, 9014}) {
            byte[] frame = frame(port.mac(), length);
            send(packet(frame));
            assertArrayEquals(frame, collect(), () -> "sent, " + length + " bytes");
            fixture.inject(frame);
            Mbuf m = receive();
            assertEquals((length + 2047) / 2048, m.segments(), () -> "of " + length + " bytes");
            assertArrayEquals(frame, bytes(m), () -> "received, " + length + " bytes");
        }
    }

    @Test
    void checksumsOfReceivedPacketsAreVerified() {
        start(
                config().withOffloads(
                                EnumSet.of(RxOffload.IPV4_CHECKSUM, RxOffload.L4_CHECKSUM),
                                Set.of()));
        checksums(tcp(true, true), MbufFlags.RX_IP_GOOD, MbufFlags.RX_L4_GOOD);
        checksums(tcp(true, false), MbufFlags.RX_IP_GOOD, MbufFlags.RX_L4_BAD);
        checksums(tcp(false, true), MbufFlags.RX_IP_BAD, MbufFlags.RX_L4_GOOD);
        checksums(frame(port.mac(), 100), 0, 0);
    }

    private void checksums(byte[] frame, int ip, int l4) {
        fixture.inject(frame);
        Mbuf m = receive();
        assertEquals(ip, m.flags() & MbufFlags.RX_IP_MASK, "IPv4 header checksum");
        assertEquals(l4, m.flags() & MbufFlags.RX_L4_MASK, "TCP checksum");
        m.free();
    }

    /** CRC32c over an SCTP packet whose bytes count up, computed by java.util.zip. */
    @Test
    void sctpChecksumsAreMadeAndVerified() {
        start(
                config().withOffloads(
                                EnumSet.of(RxOffload.SCTP_CHECKSUM, RxOffload.L4_CHECKSUM),
                                EnumSet.of(TxOffload.SCTP_CHECKSUM)));
        byte[] right = sctp();
        byte[] zero = right.clone();
        Arrays.fill(zero, 42, 46, (byte) 0);
        Mbuf m = packet(zero);
        m.setFlags(MbufFlags.TX_IPV4 | MbufFlags.TX_SCTP_CKSUM);
        m.setHeaderLengths(14, 20, 0);
        send(m);
        assertArrayEquals(right, collect());
        checksums(right, 0, MbufFlags.RX_L4_GOOD);
        checksums(zero, 0, MbufFlags.RX_L4_BAD);
    }

    private byte[] sctp() {
        byte[] f = tcp(true, true);
        f[23] = (byte) 132;
        put(f, 24, 0);
        put(f, 24, ~sum(f, 14, 34, 0));
        for (int i = 34; i < f.length; i++) {
            f[i] = (byte) (i >= 42 && i < 46 ? 0 : i);
        }
        CRC32C crc = new CRC32C();
        crc.update(f, 34, f.length - 34);
        ByteBuffer.wrap(f).putInt(42, Integer.reverseBytes((int) crc.getValue()));
        return f;
    }

    @Test
    void tcpIsSpreadByItsPublishedHash() {
        start(config().withQueues(4, 1).withOffloads(EnumSet.of(RxOffload.RSS_HASH), Set.of()));
        fixture.inject(tcp(true, true));
        Mbuf[] into = new Mbuf[1];
        int expected = (0x51cc_c178 & 127) % 4;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (port.rxQueue(expected).rxBurst(into, 0, 1) == 0) {
            assertTrue(System.nanoTime() - deadline < 0, "nothing in queue " + expected);
        }
        assertTrue(into[0].has(MbufFlags.RX_RSS_HASH));
        assertEquals(0x51cc_c178, into[0].rssHash());
        assertEquals(
                PacketType.L2_ETHER | PacketType.L3_IPV4 | PacketType.L4_TCP, into[0].packetType());
        into[0].free();
    }

    @Test
    void tagsAreStrippedAndInserted() {
        start(
                config().withOffloads(
                                EnumSet.of(RxOffload.VLAN_STRIP),
                                EnumSet.of(TxOffload.VLAN_INSERT)));
        byte[] plain = frame(port.mac(), 100);
        byte[] tagged = new byte[104];
        System.arraycopy(plain, 0, tagged, 0, 12);
        ByteBuffer.wrap(tagged).putInt(12, 0x8100_6123);
        System.arraycopy(plain, 12, tagged, 16, 88);
        fixture.inject(tagged);
        Mbuf m = receive();
        assertTrue(m.has(MbufFlags.RX_VLAN_STRIPPED));
        assertEquals(0x6123, m.vlan());
        assertArrayEquals(plain, bytes(m));
        Mbuf out = packet(plain);
        out.setFlags(MbufFlags.TX_VLAN);
        out.setVlan(0x6123, 0);
        send(out);
        assertArrayEquals(tagged, collect());
    }

    @Test
    void allSixteenQueuesSend() {
        start(config().withQueues(16, 16).withRings(64, 64));
        for (int q = 0; q < 16; q++) {
            byte[] frame = frame(port.mac(), 60 + q);
            assertEquals(1, port.txQueue(q).txBurst(new Mbuf[] {packet(frame)}, 0, 1));
            assertArrayEquals(frame, collect());
        }
    }

    @Test
    void shortPacketsArePadded() {
        start(config());
        byte[] frame = frame(port.mac(), 14);
        send(packet(frame));
        byte[] out = collect();
        assertArrayEquals(frame, Arrays.copyOf(out, 14));
        for (int i = 14; i < out.length; i++) {
            assertEquals(0, out[i], "padding");
        }
        assertEquals(14, port.stats().txBytes());
    }

    @Test
    void aLinkThatGoesDownIsSeen() {
        start(config());
        IgbQtestFixture.qemu().setLink(0, false);
        try {
            assertFalse(port.link().up());
        } finally {
            IgbQtestFixture.qemu().setLink(0, true);
        }
        IgbQtestFixture.awaitLink(port);
        assertTrue(receives(frame(port.mac(), 100)));
    }

    @Test
    void aPoolThatCannotFillTheRingIsRefused() {
        try (MbufPool small = MbufPool.create("small", 32)) {
            port.configure(PortConfig.of(small));
            PortException e = assertThrows(PortException.class, port::start);
            assertTrue(e.getMessage().contains("small"), e::getMessage);
            assertEquals(0, small.taken());
            start(config());
            assertTrue(receives(frame(port.mac(), 100)));
        }
    }

    @Test
    void buffersThatTheDeviceWouldCutShortAreRefused() {
        try (MbufPool odd = MbufPool.create("odd", 256, 128, 1600)) {
            PortConfig config = PortConfig.of(odd).withRings(64, 64);
            PortException e = assertThrows(PortException.class, () -> port.configure(config));
            assertTrue(e.getMessage().contains("1024"), e::getMessage);
            port.setMtu(1000);
            start(config);
            port.close();
        }
    }

    @Test
    void aClosedPortLeavesTheDeviceUnableToWrite() {
        start(config());
        assertTrue(receives(frame(port.mac(), 100)));
        port.close();
        var bus = IgbQtestFixture.qemu().bus(0);
        assertFalse(bus.config().busMaster());
        Registers regs = new Registers(bus.bar(0), "test");
        assertEquals(0, regs.read(IgbRegs.RCTL) & IgbRegs.RCTL_EN);
        assertEquals(0, regs.read(IgbRegs.CTRL_EXT) & IgbRegs.CTRL_EXT_DRV_LOAD);
    }
}
