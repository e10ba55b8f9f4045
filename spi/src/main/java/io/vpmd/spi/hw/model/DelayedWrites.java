// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * Descriptor write-backs on their way to memory, in order. Without a delay they are there at once.
 * With the device's lock held; allocates nothing.
 */
public final class DelayedWrites {
    private static final int CAPACITY = 1 << 14;

    private final DmaSpace dma;
    private final long[] due = new long[CAPACITY];
    private final long[] address = new long[CAPACITY];
    private final long[] first = new long[CAPACITY];
    private final long[] second = new long[CAPACITY];
    private int head;
    private int count;

    public DelayedWrites(DmaSpace dma) {
        this.dma = dma;
    }

    /** Writes the two words of a descriptor, the second one last, after so many nanoseconds. */
    public void put(long at, long firstWord, long secondWord, long now, long delayNanos) {
        if (delayNanos == 0 && count == 0) {
            write(at, firstWord, secondWord);
            return;
        }
        if (count == CAPACITY) {
            writeFirst();
        }
        int i = (head + count++) & (CAPACITY - 1);
        due[i] = now + delayNanos;
        address[i] = at;
        first[i] = firstWord;
        second[i] = secondWord;
    }

    private void write(long at, long firstWord, long secondWord) {
        if (dma.putWord(at, firstWord)) {
            dma.putWord(at + 8, secondWord);
        }
    }

    private void writeFirst() {
        int i = head;
        head = (head + 1) & (CAPACITY - 1);
        count--;
        write(address[i], first[i], second[i]);
    }

    /** Writes what is due; returns how many. */
    public int turn(long now) {
        int n = 0;
        while (count > 0 && now - due[head] >= 0) {
            writeFirst();
            n++;
        }
        return n;
    }

    /** Writes all now. */
    public void flush() {
        while (count > 0) {
            writeFirst();
        }
    }

    /** Forgets all: a reset. */
    public void clear() {
        count = 0;
    }

    /** Nanoseconds until the next one is due, or {@code otherwise}. */
    public long nanosToNext(long now, long otherwise) {
        return count == 0 ? otherwise : Math.clamp(due[head] - now, 1, otherwise);
    }
}
