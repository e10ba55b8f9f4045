// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

/**
 * The free buffers that caches share: a stack of bulks of 1 to {@link #BULK} indices. A push and a
 * pop move a whole bulk with one compare-and-set, two when it is a full one.
 *
 * <pre>
 *   bulks          numbers of bulks, the top one last
 *     0 to capacity-1    a bulk that starts with this index
 *       size[number]        indices in this bulk
 *       link[number] ─► link[.] ─► ...
 *     capacity and up    a full bulk, in a row of its own, which is copied at once
 *       rows[(number - capacity) * BULK]
 *   spareRows      rows that hold no bulk
 * </pre>
 */
final class FreeList {
    /** Most indices that move at once. */
    static final int BULK = 64;

    private final int capacity;
    private final int[] link;
    private final int[] size;
    private final int[] rows;
    private final IndexStack bulks;
    private final IndexStack spareRows;

    /** An empty list for indices 0 to {@code capacity - 1}. */
    FreeList(int capacity) {
        this.capacity = capacity;
        int rowCount = capacity / BULK;
        link = new int[capacity];
        size = new int[capacity];
        rows = new int[rowCount * BULK];
        bulks = new IndexStack(capacity + rowCount);
        spareRows = new IndexStack(rowCount);
        for (int i = rowCount - 1; i >= 0; i--) {
            spareRows.push(i);
        }
    }

    /** Adds {@code count} indices, 1 to {@link #BULK}, as one bulk. */
    void push(int[] from, int at, int count) {
        // A row may be missing for a moment, while somebody copies from one that is his already.
        int row = count == BULK ? spareRows.pop() : -1;
        if (row >= 0) {
            System.arraycopy(from, at, rows, row * BULK, BULK);
            bulks.push(capacity + row);
            return;
        }
        int head = Pools.index(from[at]);
        int last = head;
        for (int i = 1; i < count; i++) {
            int index = Pools.index(from[at + i]);
            link[last] = index;
            last = index;
        }
        size[head] = count;
        bulks.push(head);
    }

    /** Adds one index. */
    void push(int index) {
        size[index] = 1;
        bulks.push(index);
    }

    /**
     * How many indices the list holds: exact while nobody changes it, else some number up to the
     * capacity.
     */
    int count() {
        int total = 0;
        int bulk = bulks.top();
        while (bulk >= 0 && total < capacity) {
            total += bulk >= capacity ? BULK : size[bulk];
            bulk = bulks.below(bulk);
        }
        return Math.min(total, capacity);
    }

    /**
     * Takes the top bulk.
     *
     * @param into has room for {@link #BULK} indices from {@code at} on
     * @return how many were taken, 0 when the list is empty
     */
    int pop(int[] into, int at) {
        int bulk = bulks.pop();
        if (bulk >= capacity) {
            int row = bulk - capacity;
            System.arraycopy(rows, row * BULK, into, at, BULK);
            spareRows.push(row);
            return BULK;
        }
        return bulk < 0 ? 0 : unlink(bulk, into, at);
    }

    private int unlink(int head, int[] into, int at) {
        // Bounded by the recorded size: a double free may spoil the links, never the loop.
        int count = size[head];
        int index = head;
        for (int i = 0; i < count; i++) {
            into[at + i] = index;
            index = link[index];
        }
        return count;
    }
}
