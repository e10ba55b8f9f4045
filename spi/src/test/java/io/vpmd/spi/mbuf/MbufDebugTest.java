// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Misuse that only {@code -Dvpmd.debug=true} catches. */
@Tag("debug")
class MbufDebugTest {
    private MbufPool pool;
    private MbufCache cache;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("debug-test", 300, 32, 100);
        cache = pool.newCache();
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        assertEquals(300, pool.free());
        cache.close();
        pool.close();
    }

    private void assertMisuse(String what, Mbuf m, Executable action) {
        assertEquals(
                what + " of buffer " + m.index() + " of pool debug-test",
                assertThrows(IllegalStateException.class, action).getMessage());
    }

    @Test
    void aDoubleFreeIsCaughtOnEveryWay() {
        try (MbufRecycler recycler = new MbufRecycler()) {
            for (int first = 0; first < 3; first++) {
                Mbuf m = cache.take();
                switch (first) {
                    case 0 -> m.free();
                    case 1 -> cache.free(m);
                    default -> recycler.free(m);
                }
                assertMisuse("double free", m, m::free);
                assertMisuse("double free", m, () -> cache.free(m));
                assertMisuse("double free", m, () -> cache.freeIndex(m.index()));
                assertMisuse("double free", m, () -> recycler.free(m));
            }
        }
    }

    @Test
    void aSegmentFreedTwiceIsCaught() {
        Mbuf head = cache.take();
        Mbuf tail = cache.take();
        head.chain(head, tail);
        tail.free();
        assertMisuse("double free", tail, head::free);
    }

    @Test
    void useAfterFreeIsCaughtByEveryAccess() {
        Mbuf m = cache.take();
        Mbuf other = cache.take();
        m.append(20);
        other.append(20);
        m.free();
        Executable[] uses = {
            () -> m.byteAt(0),
            () -> m.u8At(0),
            () -> m.u16At(0),
            () -> m.intAt(0),
            () -> m.longAt(0),
            () -> m.putByte(0, 1),
            () -> m.putShort(0, 1),
            () -> m.putInt(0, 1),
            () -> m.putLong(0, 1),
            () -> m.putBytes(0, new byte[1], 0, 1),
            () -> m.bytes(0, new byte[1], 0, 1),
            () -> m.copyFrom(other, 0, 0, 1),
            () -> other.copyFrom(m, 0, 0, 1),
        };
        for (Executable use : uses) {
            assertMisuse("use after free", m, use);
        }
        other.free();
    }

    @Test
    void accessOutsideTheSegmentIsCaught() {
        Mbuf m = cache.take();
        m.append(20);
        Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
        assertEquals(
                "bytes 17 to 21 of a segment of 20 bytes",
                assertThrows(outside, () -> m.intAt(17)).getMessage());
        assertThrows(outside, () -> m.byteAt(-1));
        assertThrows(outside, () -> m.byteAt(20));
        assertThrows(outside, () -> m.longAt(13));
        assertThrows(outside, () -> m.putShort(19, 0));
        assertThrows(outside, () -> m.putBytes(10, new byte[11], 0, 11));
        assertThrows(outside, () -> m.putBytes(10, new byte[11], 0, Integer.MAX_VALUE));
        m.putBytes(10, new byte[10], 0, 10);
        m.putLong(12, 1);
        m.free();
    }

    @Test
    void allIsWellInRightUse() {
        Mbuf[] all = new Mbuf[300];
        for (int round = 0; round < 10; round++) {
            assertEquals(300, cache.take(all, 0, 300));
            for (Mbuf m : all) {
                m.putInt(m.append(4), round);
                if (m.index() % 2 == 0) {
                    m.free();
                } else {
                    cache.free(m);
                }
            }
            assertEquals(0, pool.taken());
        }
    }
}
