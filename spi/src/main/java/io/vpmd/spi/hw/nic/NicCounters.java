// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortStats;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Statistics registers that are cleared by being read, summed up in 64 bits. They stop at their
 * largest value, so that the port's watch reads them every second. Any thread.
 */
public abstract class NicCounters {
    private static final long GONE_32 = 0xffff_ffffL;

    /** The counters of a family, made once. */
    public static final class Table {
        private final RegisterTable registers;
        private final List<Counter> counters = new ArrayList<>();

        /** An empty table, whose registers go into {@code registers}. */
        public Table(RegisterTable registers) {
            this.registers = registers;
        }

        /** A counter of 32 bits. */
        public void counter(String name, String register, int offset) {
            counters.add(Counter.of(name, registers.rc(register, offset, name), 0));
        }

        /** One of more than 32 bits: its second register clears both. */
        public void counter64(String name, String register, int offset) {
            Register both = registers.rc(register, offset, 4, 2, name);
            counters.add(new Counter(name, both, 0, both, 1));
        }

        /** An array of 32-bit counters; {@code #} in the name is the number. */
        public void counters(String name, String register, int offset, int stride, int count) {
            Register array = registers.rc(register, offset, stride, count, name);
            for (int i = 0; i < count; i++) {
                counters.add(Counter.of(numbered(name, i), array, i));
            }
        }

        /** An array of larger ones, whose second registers clear both. */
        public void counters64(String name, String register, int offset, int stride, int count) {
            Register low = registers.rc(register + "_L", offset, stride, count, name);
            Register high = registers.rc(register + "_H", offset + 4, stride, count, name);
            for (int i = 0; i < count; i++) {
                counters.add(new Counter(numbered(name, i), low, i, high, i));
            }
        }

        private static String numbered(String name, int number) {
            return name.replace("#", Integer.toString(number));
        }

        List<Counter> counters() {
            return Collections.unmodifiableList(counters);
        }
    }

    record Counter(String name, Register low, int index, @Nullable Register high, int highIndex) {
        static Counter of(String name, Register register, int index) {
            return new Counter(name, register, index, null, 0);
        }
    }

    protected final Registers regs;
    private final List<Counter> counters;
    private final long[] sums;
    private boolean closed;

    protected NicCounters(Registers regs, Table table) {
        this.regs = regs;
        this.counters = table.counters();
        this.sums = new long[counters.size()];
    }

    /** The registers go away: the sums stay as they are. */
    public final synchronized void close() {
        closed = true;
    }

    /** Adds what has been counted since the last call; nothing when the device is gone. */
    public final synchronized void poll() {
        if (closed) {
            return;
        }
        for (int i = 0; i < sums.length; i++) {
            Counter c = counters.get(i);
            long value = regs.readAndClear(c.low(), c.index()) & GONE_32;
            Register high = c.high();
            if (high != null) {
                value |= (long) regs.readAndClear(high, c.highIndex()) << 32;
            }
            if (value != GONE_32 && value != -1) {
                sums[i] += value;
            }
        }
        pollMore();
    }

    /** Adds up counters that are not like the others. */
    protected void pollMore() {}

    /** Forgets what {@link #pollMore} added up. */
    protected void resetMore() {}

    /** The sum of a register by its name in the data sheet; 0 for one that is not counted. */
    public final long sum(String register) {
        return sum(register, 0);
    }

    /** The same of number {@code index} of an array. */
    public final synchronized long sum(String register, int index) {
        for (int i = 0; i < sums.length; i++) {
            Counter c = counters.get(i);
            if (c.low().name().equals(register) && c.index() == index) {
                return sums[i];
            }
        }
        return 0;
    }

    /** The sum over an array. */
    protected final synchronized long total(String register) {
        long total = 0;
        for (int i = 0; i < sums.length; i++) {
            total += counters.get(i).low().name().equals(register) ? sums[i] : 0;
        }
        return total;
    }

    /** What was lost before any queue saw it, counted up to now. */
    public final synchronized PortStats losses() {
        poll();
        return new PortStats(0, 0, 0, 0, dropped(), 0, errors(), 0);
    }

    /** Good packets that found no room. */
    protected abstract long dropped();

    /** Packets that arrived broken. */
    protected abstract long errors();

    /** Forgets everything until now. */
    public final synchronized void reset() {
        poll();
        Arrays.fill(sums, 0);
        resetMore();
    }

    /** Adds all counters by their names. */
    public synchronized void addTo(Map<String, Long> xstats) {
        for (int i = 0; i < sums.length; i++) {
            xstats.put(counters.get(i).name(), sums[i]);
        }
    }
}
