// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class MbufPoolTest {
    /** Notes what it is told; refuses, or holds buffers, on demand. */
    private static final class Listener implements PoolUser {
        final List<String> told = new ArrayList<>();
        private final String name;
        private String refused = "";
        private volatile int held;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void poolAdded(MbufPool pool) {
            if (pool.name().equals(refused)) {
                throw new IllegalStateException(name + " cannot map " + pool.name());
            }
            told.add("+" + pool.name());
        }

        @Override
        public int poolClosing(MbufPool pool) {
            if (held < 0) {
                throw new IllegalStateException("the device does not answer");
            }
            return held;
        }

        @Override
        public void poolRemoved(MbufPool pool) {
            told.add("-" + pool.name());
        }
    }

    private static Mbuf take(MbufPool pool) {
        try (MbufCache cache = pool.newCache()) {
            Mbuf m = cache.take();
            assertNotNull(m, "the pool is empty");
            return m;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0        | 128   | 2048  | pool size 0 is not between 1 and 16777216",
                "-1       | 128   | 2048  | pool size -1 is not between 1 and 16777216",
                "16777217 | 128   | 2048  | pool size 16777217 is not between 1 and 16777216",
                "8        | -1    | 2048  | pool headroom -1 is not between 0 and 16384",
                "8        | 16385 | 2048  | pool headroom 16385 is not between 0 and 16384",
                "8        | 128   | 63    | pool dataRoom 63 is not between 64 and 65536",
                "8        | 128   | 65537 | pool dataRoom 65537 is not between 64 and 65536"
            })
    void refusesNumbersOutOfRange(int size, int headroom, int dataRoom, String message) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> MbufPool.create("p", size, headroom, dataRoom))
                        .getMessage());
        assertEquals(List.of(), Pools.all());
    }

    @ParameterizedTest
    @CsvSource({"1,0,64", "1,16384,65536", "100,128,2048", "65,1,65"})
    void buffersLieApartInOneMapping(int size, int headroom, int dataRoom) {
        try (MbufPool pool = MbufPool.create("p", size, headroom, dataRoom)) {
            assertEquals(size, pool.size());
            assertEquals(headroom, pool.headroom());
            assertEquals(dataRoom, pool.dataRoom());
            assertEquals(headroom + dataRoom, pool.bufferSize());
            assertTrue(pool.stride() >= pool.bufferSize());
            assertEquals(1, pool.stride() / 64 % 2, "buffers share cache sets");
            assertEquals(0, pool.stride() % 64);
            long end = pool.offsetOf(size - 1) + pool.bufferSize();
            assertTrue(end <= pool.memory().byteSize());
            assertTrue(pool.fd() >= 0);
            for (int i = 0; i < size; i++) {
                Mbuf m = pool.mbuf(i);
                assertEquals(i, m.index());
                assertSame(pool, m.pool());
                assertSame(m, Pools.mbuf(m.handle()));
                assertEquals(i, Pools.index(m.handle()));
                assertNotEquals(0, m.handle());
            }
        }
    }

    @Test
    void everyBufferIsTakenOnceAndThenThereIsNone() {
        try (MbufPool pool = MbufPool.create("p", 1000);
                MbufCache cache = pool.newCache()) {
            assertEquals(1000, pool.free());
            Set<Mbuf> seen = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                assertTrue(seen.add(cache.take()));
                assertEquals(i + 1, pool.taken());
                assertEquals(1000, pool.taken() + pool.free());
            }
            assertEquals(null, cache.take());
            assertEquals(-1, cache.takeIndex());
            seen.forEach(Mbuf::free);
            assertEquals(0, pool.taken());
        }
    }

    @Test
    void poolsHaveIdsOfTheirOwn() {
        List<MbufPool> pools = new ArrayList<>();
        try {
            for (int i = 0; i < Pools.MAX_POOLS; i++) {
                pools.add(MbufPool.create("p" + i, 1, 0, 64));
            }
            assertEquals(Pools.MAX_POOLS, pools.stream().map(MbufPool::id).distinct().count());
            assertEquals(pools, Pools.all());
            PoolException e =
                    assertThrows(PoolException.class, () -> MbufPool.create("more", 1, 0, 64));
            assertEquals("create pool more: there are 127 pools; close one first", e.getMessage());
            MbufPool closed = pools.remove(5);
            closed.close();
            MbufPool next = MbufPool.create("next", 1, 0, 64);
            pools.add(next);
            assertEquals(closed.id(), next.id());
            for (MbufPool pool : pools) {
                assertSame(pool.mbuf(0), Pools.mbuf(pool.mbuf(0).handle()));
            }
        } finally {
            pools.forEach(MbufPool::close);
        }
        assertEquals(List.of(), Pools.all());
    }

    @Test
    void aPoolThatTheSystemRefusesLeavesNothing() {
        String tooLong = "n".repeat(300);
        PoolException e = assertThrows(PoolException.class, () -> MbufPool.create(tooLong, 1));
        assertTrue(e.getMessage().startsWith("create pool " + tooLong + ": "), e.getMessage());
        assertTrue(e.getMessage().endsWith("give it a shorter name"), e.getMessage());
        assertEquals(List.of(), Pools.all());
        try (MbufPool pool = MbufPool.create("p", 1)) {
            assertEquals(1, pool.id());
        }
    }

    @Test
    void usersLearnOfAllPools() {
        Listener user = new Listener("user");
        try (MbufPool _ = MbufPool.create("before", 1)) {
            Pools.join(user);
            try (MbufPool _ = MbufPool.create("later", 1)) {
                assertEquals(List.of("+before", "+later"), user.told);
            }
            assertEquals(List.of("+before", "+later", "-later"), user.told);
            Pools.leave(user);
            Pools.leave(user);
        }
        assertEquals(3, user.told.size());
    }

    @Test
    void aPoolThatAUserCannotMapIsNotMade() {
        Listener first = new Listener("first");
        Listener second = new Listener("second");
        second.refused = "p";
        Pools.join(first);
        Pools.join(second);
        try {
            assertEquals(
                    "second cannot map p",
                    assertThrows(IllegalStateException.class, () -> MbufPool.create("p", 1))
                            .getMessage());
            assertEquals(List.of("+p", "-p"), first.told);
            assertEquals(List.of(), second.told);
            assertEquals(List.of(), Pools.all());
        } finally {
            Pools.leave(first);
            Pools.leave(second);
        }
    }

    @Test
    void aUserThatCannotMapAPoolIsNotKnown() {
        Listener user = new Listener("user");
        user.refused = "two";
        try (MbufPool _ = MbufPool.create("one", 1);
                MbufPool _ = MbufPool.create("two", 1)) {
            assertThrows(IllegalStateException.class, () -> Pools.join(user));
            assertEquals(List.of("+one", "-one"), user.told);
        }
        assertEquals(2, user.told.size());
    }

    @Test
    void closingWaitsForUsersThatHoldBuffers() throws Exception {
        Listener user = new Listener("net_x:0");
        user.held = 3;
        Pools.join(user);
        MbufPool pool = MbufPool.create("p", 8);
        try {
            PoolException e = assertThrows(PoolException.class, () -> pool.close(20));
            assertEquals(
                    "close pool p: port net_x:0 holds 3 of its buffers;"
                            + " stop or close that port first",
                    e.getMessage());
            assertFalse(pool.closed());
            take(pool).free();

            user.held = -1;
            String unknown = assertThrows(PoolException.class, () -> pool.close(20)).getMessage();
            assertTrue(unknown.contains("the device does not answer"), unknown);
            assertFalse(pool.closed());

            user.held = 1;
            CompletableFuture<Void> closing = CompletableFuture.runAsync(pool::close);
            while (!pool.closed()) {
                Thread.sleep(1);
            }
            user.held = 0;
            closing.get(30, TimeUnit.SECONDS);
            assertEquals(List.of("+p", "-p"), user.told);
        } finally {
            user.held = 0;
            Pools.leave(user);
            pool.close();
        }
    }

    @Test
    void afterClosingTheApplicationsBuffersAreUnusable() {
        MbufPool pool = MbufPool.create("p", 8);
        Mbuf m = take(pool);
        Mbuf head = take(pool);
        head.chain(head, take(pool));
        m.putInt(m.append(4), 7);
        pool.close();
        pool.close();
        assertTrue(pool.closed());
        assertThrows(IllegalStateException.class, () -> m.intAt(0));
        assertThrows(IllegalStateException.class, () -> m.putInt(0, 1));
        m.free();
        head.free();
    }

    /** The id of a closed pool may be another's by now: its buffers must not be touched. */
    @Test
    void freeingIntoAClosedPoolLeavesTheNextOneAlone() {
        MbufPool old = MbufPool.create("old", 8);
        Mbuf head = take(old);
        head.chain(head, take(old));
        Mbuf other = take(old);
        old.close();
        try (MbufPool pool = MbufPool.create("new", 8);
                MbufRecycler recycler = new MbufRecycler()) {
            assertEquals(old.id(), pool.id());
            head.free();
            recycler.free(other);
            assertEquals(0, pool.taken());
            assertEquals(8, pool.free());
        }
    }

    /** Without debug mode a double free may mix packets up, but it ends and stays inside. */
    @Test
    void aDoubleFreeStaysInsideThePool() {
        try (MbufPool pool = MbufPool.create("p", 200);
                MbufCache cache = pool.newCache()) {
            Mbuf[] all = new Mbuf[200];
            assertEquals(200, cache.take(all, 0, 200));
            for (int round = 0; round < 3; round++) {
                for (Mbuf m : all) {
                    m.free();
                    cache.free(m);
                }
            }
            for (int i = 0; i < 2000; i++) {
                Mbuf m = cache.take();
                assertTrue(m == null || m == pool.mbuf(m.index()));
                if (m != null) {
                    m.putInt(m.append(4), i);
                }
            }
            assertTrue(pool.free() >= 0);
        }
    }
}
