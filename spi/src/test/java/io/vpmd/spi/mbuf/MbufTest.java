// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.function.Consumer;

class MbufTest {
    private static final int HEADROOM = 32;
    private static final int ROOM = 100;

    private MbufPool pool;
    private MbufCache cache;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("mbuf-test", 8, HEADROOM, ROOM);
        cache = pool.newCache();
    }

    @AfterEach
    void closePool() {
        cache.close();
        pool.close();
    }

    private Mbuf packet(int length) {
        Mbuf m = cache.take();
        assertNotNull(m);
        assertEquals(0, m.append(length));
        for (int i = 0; i < length; i++) {
            m.putByte(i, i);
        }
        return m;
    }

    private static byte[] bytes(Mbuf segment) {
        byte[] all = new byte[segment.dataLength()];
        segment.bytes(0, all, 0, all.length);
        return all;
    }

    private static void assertRefused(String message, Executable action) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    @Test
    void dataGrowsAndShrinksAtBothEnds() {
        Mbuf m = packet(10);
        assertEquals(HEADROOM, m.headroom());
        assertEquals(ROOM - 10, m.tailroom());
        m.prepend(4);
        assertEquals(HEADROOM - 4, m.headroom());
        assertEquals(14, m.dataLength());
        assertEquals(0, m.byteAt(4), "what was at 0 is at 4");
        assertEquals(9, m.byteAt(13));
        assertEquals(14, m.append(2));
        m.trimFront(5);
        m.trimBack(3);
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, bytes(m));
        assertEquals(8, m.packetLength());
        assertEquals(HEADROOM + 1, m.dataOffset());
        assertEquals(pool.offsetOf(m.index()) + HEADROOM + 1, m.dataAddress());
        assertEquals(pool.bufferSize(), m.headroom() + m.dataLength() + m.tailroom());
    }

    @Test
    void allOfTheBufferCanBeUsed() {
        Mbuf m = packet(ROOM);
        m.prepend(HEADROOM);
        assertEquals(0, m.headroom());
        assertEquals(0, m.tailroom());
        assertEquals(HEADROOM + ROOM, m.packetLength());
        m.trimFront(HEADROOM + ROOM);
        assertEquals(0, m.packetLength());
        m.prepend(HEADROOM + ROOM);
        m.trimBack(HEADROOM + ROOM);
        assertEquals(HEADROOM + ROOM, m.tailroom());
        m.append(0);
        m.prepend(0);
    }

    @Test
    void refusesToLeaveTheBuffer() {
        Mbuf m = packet(10);
        assertRefused("append 91 bytes: the tailroom is 90 bytes", () -> m.append(91));
        assertRefused("append -1 bytes: the tailroom is 90 bytes", () -> m.append(-1));
        assertRefused("prepend 33 bytes: the headroom is 32 bytes", () -> m.prepend(33));
        assertRefused("prepend -1 bytes: the headroom is 32 bytes", () -> m.prepend(-1));
        assertRefused("remove 11 bytes: the segment holds 10 bytes", () -> m.trimFront(11));
        assertRefused("remove 11 bytes: the segment holds 10 bytes", () -> m.trimBack(11));
        assertRefused("remove -1 bytes: the segment holds 10 bytes", () -> m.trimFront(-1));
        assertRefused("remove -1 bytes: the segment holds 10 bytes", () -> m.trimBack(-1));
        int max = Integer.MAX_VALUE;
        assertThrows(IllegalArgumentException.class, () -> m.append(max));
        assertThrows(IllegalArgumentException.class, () -> m.prepend(max));
        assertEquals(10, m.packetLength());
        assertEquals(HEADROOM, m.headroom());
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, bytes(m));
    }

    @Test
    void valuesAreInNetworkByteOrder() {
        Mbuf m = packet(20);
        m.putLong(1, 0x8182_8384_8586_8788L);
        assertEquals(0x8182_8384_8586_8788L, m.longAt(1));
        assertEquals(0x8182_8384, m.intAt(1));
        assertEquals(0x8788, m.u16At(7));
        assertEquals(0x81, m.u8At(1));
        assertEquals((byte) 0x81, m.byteAt(1));
        m.putInt(3, 0xfffe_fdfc);
        m.putShort(9, 0x1_abcd);
        m.putByte(11, 0x1ef);
        byte[] expected = {
            0,
            (byte) 0x81,
            (byte) 0x82,
            -1,
            -2,
            -3,
            -4,
            (byte) 0x87,
            (byte) 0x88,
            (byte) 0xab,
            (byte) 0xcd,
            (byte) 0xef,
            12
        };
        byte[] got = new byte[13];
        m.bytes(0, got, 0, 13);
        assertArrayEquals(expected, got);
    }

    @Test
    void copiesBytesInAndOut() {
        Mbuf m = packet(10);
        m.putBytes(2, new byte[] {100, 101, 102, 103}, 1, 2);
        byte[] into = new byte[6];
        m.bytes(1, into, 2, 4);
        assertArrayEquals(new byte[] {0, 0, 1, 101, 102, 4}, into);
        Mbuf other = packet(10);
        other.copyFrom(m, 2, 7, 2);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 101, 102, 9}, bytes(other));
        assertThrows(IndexOutOfBoundsException.class, () -> m.bytes(0, into, 3, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> m.putBytes(0, into, -1, 4));
    }

    @Test
    void refusesToLeaveThePoolsMemory() {
        long end = pool.memory().byteSize();
        Mbuf m = packet(10);
        int behind = (int) (end - m.dataAddress());
        int before = (int) -m.dataAddress() - 1;
        Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
        for (int at : new int[] {before, behind, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThrows(outside, () -> m.byteAt(at));
            assertThrows(outside, () -> m.putByte(at, 1));
            assertThrows(outside, () -> m.putLong(at, 1));
            assertThrows(outside, () -> m.putBytes(at, new byte[4], 0, 4));
            assertThrows(outside, () -> m.copyFrom(m, at, 0, 1));
            assertThrows(outside, () -> m.copyFrom(m, 0, at, 1));
        }
        assertThrows(outside, () -> m.longAt(behind - 7));
        assertThrows(outside, () -> m.intAt(behind - 3));
        assertThrows(outside, () -> m.u16At(behind - 1));
        assertThrows(outside, () -> m.bytes(0, new byte[4], 0, -1));
    }

    @Test
    void chainsAreCountedInTheirFirstSegment() {
        Mbuf head = packet(10);
        Mbuf middle = packet(20);
        Mbuf tail = packet(30);
        assertNull(head.next());
        assertEquals(0, head.nextHandle());
        middle.chain(middle, tail);
        head.chain(head, middle);
        assertEquals(3, head.segments());
        assertEquals(60, head.packetLength());
        assertEquals(10, head.dataLength());
        assertSame(middle, head.next());
        assertSame(tail, middle.next());
        assertEquals(tail.handle(), middle.nextHandle());
        assertNull(tail.next());
        head.prepend(4);
        head.trimFront(6);
        assertEquals(58, head.packetLength());
        head.free();
        assertEquals(0, pool.taken());
    }

    @Test
    void aChainCanBeCutAnywhere() {
        Mbuf head = packet(10);
        Mbuf middle = packet(20);
        Mbuf tail = packet(30);
        head.chain(head, middle);
        head.chain(middle, tail);
        assertSame(tail, head.split(middle, 2, 30));
        assertEquals(2, head.segments());
        assertEquals(30, head.packetLength());
        assertEquals(1, tail.segments());
        assertEquals(30, tail.packetLength());
        assertNull(middle.next());
        assertNull(head.split(middle, 2, 30), "nothing behind the last segment");
        head.chain(middle, tail);
        assertSame(middle, head.split(head, 1, 10));
        assertEquals(2, middle.segments());
        assertEquals(50, middle.packetLength());
        assertEquals(1, head.segments());
        assertEquals(10, head.packetLength());
        head.free();
        middle.free();
        assertEquals(0, pool.taken());
    }

    @Test
    void metadataKeepWhatTheyAreGiven() {
        Mbuf m = packet(10);
        m.setPort(5);
        m.setFlags(MbufFlags.RX_L4_PARTIAL | MbufFlags.TX_TCP_CKSUM);
        m.setHeaderLengths(255, 65535, 255);
        m.setSegmentSize(1448);
        m.setVlan(0xe064, 0xffff);
        m.setRssHash(-2);
        m.setPacketType(0x211);
        m.setTimestamp(Long.MIN_VALUE);
        Mbuf copy = packet(3);
        copy.copyMetadata(m);
        for (Mbuf x : new Mbuf[] {m, copy}) {
            assertEquals(5, x.port());
            assertTrue(x.has(MbufFlags.TX_TCP_CKSUM));
            assertFalse(x.has(MbufFlags.TX_TSO));
            assertEquals(MbufFlags.RX_L4_PARTIAL, x.flags() & MbufFlags.RX_L4_MASK);
            assertEquals(255, x.l2Length());
            assertEquals(65535, x.l3Length());
            assertEquals(255, x.l4Length());
            assertEquals(0, x.outerLengths());
            assertEquals(1448, x.segmentSize());
            assertEquals(0xe064, x.vlan());
            assertEquals(0xffff, x.outerVlan());
            assertEquals(-2, x.rssHash());
            assertEquals(0x211, x.packetType());
            assertEquals(Long.MIN_VALUE, x.timestamp());
        }
        assertEquals(3, copy.packetLength(), "the data is not metadata");
        assertEquals(0, copy.nextHandle());
    }

    @Test
    void aReceivedPacketHasNoMetadataButItsPort() {
        Mbuf m = packet(10);
        m.chain(m, packet(10));
        m.setFlags(-1);
        m.setPacketType(-1);
        m.received(7, 60, 3);
        assertEquals(7, m.dataOffset());
        assertEquals(60, m.dataLength());
        assertEquals(60, m.packetLength());
        assertEquals(1, m.segments());
        assertNull(m.next());
        assertEquals(0, m.flags());
        assertEquals(0, m.packetType());
        assertEquals(3, m.port());
        assertEquals("Mbuf[mbuf-test #" + m.index() + ", 60 bytes, 1 segments]", m.toString());
    }

    @Test
    void theBuffersOfAFreedChainAreSingle() {
        MbufRecycler recycler = new MbufRecycler();
        List<Consumer<Mbuf>> ways = List.of(Mbuf::free, cache::free, recycler::free);
        for (Consumer<Mbuf> free : ways) {
            Mbuf head = packet(10);
            Mbuf tail = packet(10);
            head.chain(head, tail);
            free.accept(head);
            for (Mbuf m : List.of(head, tail)) {
                assertEquals(1, m.segments());
                assertNull(m.next());
            }
        }
        recycler.close();
    }

    @Test
    void flagsDoNotOverlap() {
        int[] single = {
            MbufFlags.RX_IP_MASK,
            MbufFlags.RX_L4_MASK,
            MbufFlags.RX_VLAN_STRIPPED,
            MbufFlags.RX_QINQ_STRIPPED,
            MbufFlags.RX_RSS_HASH,
            MbufFlags.RX_TIMESTAMP,
            MbufFlags.RX_LRO,
            MbufFlags.TX_IPV4,
            MbufFlags.TX_IPV6,
            MbufFlags.TX_IP_CKSUM,
            MbufFlags.TX_L4_MASK,
            MbufFlags.TX_TSO,
            MbufFlags.TX_VLAN,
            MbufFlags.TX_QINQ
        };
        int all = 0;
        for (int flag : single) {
            assertEquals(0, all & flag);
            all |= flag;
            assertTrue((flag & MbufFlags.TX_MASK) == 0 || (flag & ~MbufFlags.TX_MASK) == 0);
        }
    }
}
