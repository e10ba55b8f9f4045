// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class MemFileTest {
    private static final long ODD_LENGTH = 7 * 4096;

    @Test
    void anAddressThatIsUsedTooLateReachesNobodysMemory() {
        long late;
        try (MemFile file = MemFile.create("first", ODD_LENGTH)) {
            late = file.memory().address();
            file.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        }
        assertEquals(0, Mapping.EVERYTHING.get(ValueLayout.JAVA_BYTE, late));
        try (MemFile other = MemFile.create("other", 2 * ODD_LENGTH)) {
            assertNotEquals(late, other.memory().address());
            Mapping.EVERYTHING.set(ValueLayout.JAVA_BYTE, late, (byte) 2);
            assertEquals(-1, other.memory().mismatch(zeros(other)));
        }
        try (MemFile again = MemFile.create("again", ODD_LENGTH)) {
            assertEquals(late, again.memory().address(), "the range is taken again");
            assertEquals(-1, again.memory().mismatch(zeros(again)));
        }
    }

    private static MemorySegment zeros(MemFile like) {
        return MemorySegment.ofArray(new byte[(int) like.memory().byteSize()]);
    }

    @Test
    void theSegmentOfAClosedFileThrows() {
        MemFile file = MemFile.create("closed", ODD_LENGTH);
        MemorySegment memory = file.memory();
        file.close();
        file.close();
        assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
    }
}
