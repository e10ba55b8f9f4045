// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.sys.MemFile;

import org.junit.jupiter.api.Test;

class PoolLayoutTest {
    @Test
    void noBufferStraddlesAHugePage() {
        for (int size : new int[] {1, 930, 936, 937, 4096, 100_000}) {
            PoolLayout layout = new PoolLayout(size, 2176, 2240);
            int whole = 0;
            for (int i = 0; i < layout.places(); i++) {
                long first = i * 2240L;
                boolean straddles = first >> 21 != (first + 2175) >> 21;
                assertEquals(!straddles, layout.whole(i));
                whole += straddles ? 0 : 1;
            }
            assertEquals(size, whole);
            assertTrue(layout.whole(layout.places() - 1));
            assertTrue(layout.bytes() >= size * 2240L);
            assertTrue(layout.places() - size <= layout.bytes() / MemFile.HUGE_PAGE + 1);
        }
    }

    @Test
    void aPoolHandsOutWholeBuffersOnly() {
        int size = 5000;
        try (MbufPool pool = MbufPool.create("layout", size);
                MbufCache cache = pool.newCache()) {
            for (int i = 0; i < size; i++) {
                int index = cache.takeIndex();
                long first = pool.offsetOf(index);
                assertEquals(first >> 21, (first + pool.bufferSize() - 1) >> 21);
            }
            assertEquals(-1, cache.takeIndex());
            assertEquals(size, pool.taken());
        }
    }
}
