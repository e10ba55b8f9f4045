// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The statistics registers of a device: cleared by being read, stuck at their largest value,
 * unknown after power-on, and not touched by a reset. With the device's lock held.
 */
public final class Counters {
    /** A counter of a family, or an array of equal ones. */
    public static final class Counter {
        private final String name;
        private final int order;
        private final int first;
        private final int count;
        private final Register low;
        private final @Nullable Register high;
        private final long largest;

        private Counter(
                String name,
                int order,
                int first,
                Register low,
                @Nullable Register high,
                int bits) {
            this.name = name;
            this.order = order;
            this.first = first;
            this.count = low.count();
            this.low = low;
            this.high = high;
            this.largest = bits == Long.SIZE ? Long.MAX_VALUE : (1L << bits) - 1;
        }
    }

    /** All counters of a family, put together once. */
    public static final class Table {
        private final RegisterTable registers;
        private final List<Counter> all = new ArrayList<>();
        private int size;

        /** Adds the counters to these registers. */
        public Table(RegisterTable registers) {
            this.registers = registers;
        }

        /** A counter of 32 bits. */
        public Counter one(String name, int offset) {
            return add(name, registers.rc(name, offset, ""), null, Integer.SIZE);
        }

        /** Several of them. */
        public Counter array(String name, int offset, int stride, int count) {
            return add(name, registers.rc(name, offset, stride, count, ""), null, Integer.SIZE);
        }

        /** A counter in two registers side by side. */
        public Counter wide(String name, int offset, int bits) {
            Register low = registers.rc(name + "L", offset, "");
            return add(name, low, registers.rc(name + "H", offset + 4, ""), bits);
        }

        /** Several of those. */
        public Counter wideArray(String name, int offset, int stride, int count, int bits) {
            Register low = registers.rc(name + "_L", offset, stride, count, "");
            Register high = registers.rc(name + "_H", offset + 4, stride, count, "");
            return add(name, low, high, bits);
        }

        private Counter add(String name, Register low, @Nullable Register high, int bits) {
            Counter made = new Counter(name, all.size(), size, low, high, bits);
            size += made.count;
            all.add(made);
            return made;
        }
    }

    private static final int[] SIZES = {64, 127, 255, 511, 1023};

    private final Table table;
    private final long[] values;
    private final long[] latched;

    /** After power-on, when their values mean nothing. */
    public Counters(Table table, RegisterFile regs, long seed) {
        this.table = table;
        values = new long[table.size];
        latched = new long[table.size];
        Random random = new Random(seed);
        for (Counter c : table.all) {
            for (int i = 0; i < c.count; i++) {
                values[c.first + i] = random.nextInt(1, 1000);
            }
            regs.onRead(c.low, (i, _) -> readLow(c, i)).onWrite(c.low, (_, stored, _) -> stored);
            if (c.high != null) {
                regs.onRead(c.high, (i, _) -> readHigh(c, i))
                        .onWrite(c.high, (_, stored, _) -> stored);
            }
        }
    }

    private int readLow(Counter c, int index) {
        int i = c.first + index;
        long value = values[i];
        if (c.high == null) {
            values[i] = 0;
        } else {
            // What comes until the high half is read belongs to the next reading.
            latched[i] = value;
        }
        return (int) value;
    }

    private int readHigh(Counter c, int index) {
        int i = c.first + index;
        long value = latched[i];
        values[i] -= value;
        latched[i] = 0;
        return (int) (value >>> Integer.SIZE);
    }

    public void add(Counter c) {
        add(c, 0, 1);
    }

    public void add(Counter c, long more) {
        add(c, 0, more);
    }

    /** Counts in number {@code index} of an array. */
    public void add(Counter c, int index, long more) {
        int i = c.first + index;
        values[i] = Math.min(values[i] + more, c.largest);
    }

    /** Counts a frame by its size, check sequence included, in one of six from the smallest on. */
    public void addSize(Counter smallest, int bytes) {
        int i = 0;
        while (i < SIZES.length && bytes > SIZES[i]) {
            i++;
        }
        add(table.all.get(smallest.order + i));
    }

    /** What a counter holds, without clearing it. */
    public long value(Counter c, int index) {
        return values[c.first + index];
    }

    /** All values by name, without clearing them; those of arrays with their number behind. */
    public Map<String, Long> values() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Counter c : table.all) {
            for (int i = 0; i < c.count; i++) {
                all.put(c.count == 1 ? c.name : c.name + "[" + i + "]", values[c.first + i]);
            }
        }
        return all;
    }
}
