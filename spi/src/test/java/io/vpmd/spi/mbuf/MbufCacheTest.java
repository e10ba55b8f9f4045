// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** {@link MbufCache}, {@link MbufRecycler} and the list that they share. */
@Timeout(60)
class MbufCacheTest {
    private static final int SIZE = 1000;

    private MbufPool pool;

    @BeforeEach
    void makePool() {
        pool = MbufPool.create("cache-test", SIZE);
    }

    @AfterEach
    void everyBufferIsBack() {
        assertEquals(0, pool.taken());
        assertEquals(SIZE, pool.free());
        pool.close();
    }

    @Test
    void takesInBulkAsManyAsThereAre() {
        try (MbufCache cache = pool.newCache()) {
            assertSame(pool, cache.pool());
            Mbuf[] all = new Mbuf[SIZE + 10];
            assertEquals(300, cache.take(all, 0, 300));
            assertEquals(0, cache.take(all, 0, 0));
            assertEquals(SIZE - 300, cache.take(all, 300, SIZE));
            assertEquals(0, cache.take(all, 0, 1));
            assertNull(all[SIZE]);
            assertEquals(SIZE, pool.taken());
            for (int i = 0; i < SIZE; i++) {
                cache.free(all[i]);
                assertEquals(i + 1, pool.free());
            }
        }
    }

    @Test
    void aTakenPacketIsEmptyWhateverItsLastOwnerLeft() {
        try (MbufCache cache = pool.newCache()) {
            Mbuf m = cache.take();
            assertNotNull(m);
            m.append(100);
            m.prepend(10);
            m.setFlags(-1);
            m.setHeaderLengths(14, 20, 20);
            m.setSegmentSize(1400);
            m.setPacketType(-1);
            cache.free(m);
            Mbuf again = cache.take();
            assertSame(m, again, "the buffer that is warm in the processor's cache");
            assertEquals(0, m.packetLength());
            assertEquals(0, m.dataLength());
            assertEquals(1, m.segments());
            assertEquals(pool.headroom(), m.headroom());
            assertEquals(pool.dataRoom(), m.tailroom());
            assertEquals(0, m.flags());
            assertEquals(0, m.l2Length() + m.l3Length() + m.l4Length() + m.segmentSize());
            assertEquals(0, m.packetType());
            m.free();
        }
    }

    @Test
    void aCacheKeepsSomeAndGivesTheRestToOthers() {
        try (MbufCache one = pool.newCache();
                MbufCache other = pool.newCache()) {
            Mbuf[] all = new Mbuf[SIZE];
            assertEquals(SIZE, one.take(all, 0, SIZE));
            assertNull(other.take());
            for (Mbuf m : all) {
                one.free(m);
            }
            int kept = one.count();
            assertTrue(kept <= 3 * FreeList.BULK, "a cache hoards " + kept + " buffers");
            assertEquals(SIZE - kept, other.take(all, 0, SIZE));
            one.flush();
            assertEquals(0, one.count());
            assertEquals(kept, other.take(all, SIZE - kept, SIZE));
            for (Mbuf m : all) {
                other.free(m);
            }
            Mbuf m = one.take();
            assertNotNull(m, "a flushed cache can be used on");
            m.free();
        }
    }

    @Test
    void chainsGoBackToThePoolsOfTheirSegments() {
        try (MbufPool second = MbufPool.create("second", 8);
                MbufCache cache = pool.newCache();
                MbufCache cache2 = second.newCache();
                MbufRecycler recycler = new MbufRecycler()) {
            for (int way = 0; way < 3; way++) {
                Mbuf head = cache.take();
                Mbuf middle = cache2.take();
                Mbuf tail = cache.take();
                head.chain(head, middle);
                head.chain(middle, tail);
                assertEquals(2, pool.taken());
                assertEquals(1, second.taken());
                switch (way) {
                    case 0 -> head.free();
                    case 1 -> cache.free(head);
                    default -> recycler.free(head);
                }
                assertEquals(0, pool.taken());
                assertEquals(0, second.taken());
            }
            Mbuf foreign = cache2.take();
            cache.free(foreign);
            assertEquals(0, second.taken());
            Mbuf[] burst = {cache.take(), cache2.take(), cache.take()};
            recycler.free(burst, 1, 2);
            assertEquals(1, pool.taken());
            burst[0].free();
        }
    }

    @Test
    @SuppressWarnings("try") // closes early what is closed again at the end
    void aRecyclerKeepsOneCacheAPool() {
        try (MbufRecycler recycler = new MbufRecycler();
                MbufPool second = MbufPool.create("second", 8)) {
            MbufCache cache = recycler.cache(pool);
            assertSame(cache, recycler.cache(pool));
            MbufCache of2 = recycler.cache(second);
            assertSame(second, of2.pool());
            second.close();
            try (MbufPool third = MbufPool.create("third", 8)) {
                assertEquals(second.id(), third.id());
                assertNotSame(of2, recycler.cache(third));
                assertSame(third, recycler.cache(third).pool());
                recycler.close();
            }
        }
    }

    /** Buffers taken by one thread and freed by another: all are back when both caches are. */
    @Test
    void aThreadsCacheGivesAllBackWhenItCloses() throws Exception {
        List<Mbuf> handed = new ArrayList<>();
        CompletableFuture.runAsync(
                        () -> {
                            try (MbufCache cache = pool.newCache()) {
                                for (int i = 0; i < 150; i++) {
                                    handed.add(cache.take());
                                }
                                assertTrue(cache.count() > 0);
                            }
                        })
                .get(30, TimeUnit.SECONDS);
        assertEquals(150, pool.taken());
        try (MbufCache cache = pool.newCache()) {
            Mbuf[] rest = new Mbuf[SIZE];
            assertEquals(SIZE - 150, cache.take(rest, 0, SIZE), "some stayed in a closed cache");
            handed.forEach(cache::free);
            for (int i = 0; i < SIZE - 150; i++) {
                cache.free(rest[i]);
            }
        }
    }

    /** Four threads take and free at random, in bulk and singly; no buffer has two owners. */
    @Test
    void noBufferHasTwoOwners() throws Exception {
        // Places of a pool where no buffer fits have a number too.
        AtomicIntegerArray owners = new AtomicIntegerArray(2 * SIZE);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            threads.add(
                    CompletableFuture.runAsync(
                            () -> churn(owners, random), Thread.ofPlatform().daemon()::start));
        }
        for (CompletableFuture<Void> thread : threads) {
            thread.get(50, TimeUnit.SECONDS);
        }
    }

    private void churn(AtomicIntegerArray owners, Random random) {
        Mbuf[] burst = new Mbuf[400];
        try (MbufCache cache = pool.newCache()) {
            for (int round = 0; round < 2000; round++) {
                int n = cache.take(burst, 0, random.nextInt(burst.length + 1));
                for (int i = 0; i < n; i++) {
                    assertEquals(1, owners.incrementAndGet(burst[i].index()));
                }
                for (int i = 0; i < n; i++) {
                    owners.decrementAndGet(burst[i].index());
                    if (random.nextInt(4) == 0) {
                        burst[i].free();
                    } else {
                        cache.free(burst[i]);
                    }
                }
            }
        }
    }

    @Test
    void theFreeListReturnsWholeBulksLastInFirstOut() {
        FreeList list = new FreeList(200);
        int[] into = new int[FreeList.BULK + 1];
        assertEquals(0, list.pop(into, 0));
        list.push(new int[] {9, 5, 199, 0, 7}, 1, 3);
        list.push(42);
        assertEquals(4, list.count());
        assertEquals(1, list.pop(into, 1));
        assertEquals(42, into[1]);
        assertEquals(3, list.pop(into, 0));
        assertEquals(List.of(5, 199, 0), List.of(into[0], into[1], into[2]));
        assertEquals(0, list.pop(into, 0));
        assertEquals(0, list.count());
    }
}
