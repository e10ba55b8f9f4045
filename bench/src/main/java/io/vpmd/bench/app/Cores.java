// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The cores of this machine: reading lists of them, pinning threads to them. */
public final class Cores {
    private static final int MAX_CORES = 4096;

    private Cores() {}

    /** The cores that the calling thread may run on. */
    public static SortedSet<Integer> allowed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CORES / 8, 8);
            ErrnoException.check(Libc.schedGetaffinity(0, mask), "sched_getaffinity", "self");
            SortedSet<Integer> cores = new TreeSet<>();
            for (int core = 0; core < MAX_CORES; core++) {
                if ((mask.get(ValueLayout.JAVA_BYTE, core / 8) >>> (core % 8) & 1) != 0) {
                    cores.add(core);
                }
            }
            return cores;
        }
    }

    /** Keeps the calling thread on one core. */
    public static void pinTo(int core) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MAX_CORES / 8, 8);
            mask.set(ValueLayout.JAVA_BYTE, core / 8, (byte) (1 << core % 8));
            ErrnoException.check(
                    Libc.schedSetaffinity(0, mask), "sched_setaffinity", "core " + core);
        }
    }

    /**
     * Throws unless every one of {@code cores} exists and may be used.
     *
     * @throws UsageException naming the first that does not
     */
    public static void check(Collection<Integer> cores) {
        SortedSet<Integer> there = allowed();
        for (int core : cores) {
            if (!there.contains(core)) {
                throw new UsageException(
                        "core "
                                + core
                                + " does not exist or is not allowed; there are "
                                + text(there));
            }
        }
    }

    /** Cores as a list with ranges, for example {@code 0-3,6}. */
    public static String text(SortedSet<Integer> cores) {
        List<int[]> ranges = new ArrayList<>();
        for (int core : cores) {
            if (ranges.isEmpty() || ranges.getLast()[1] != core - 1) {
                ranges.add(new int[] {core, core});
            }
            ranges.getLast()[1] = core;
        }
        return ranges.stream()
                .map(r -> r[0] == r[1] ? "" + r[0] : r[0] + "-" + r[1])
                .collect(Collectors.joining(","));
    }

    /**
     * Reads {@code 0-3,6}.
     *
     * @throws UsageException when it is malformed
     */
    public static SortedSet<Integer> parseList(String option, String text) {
        SortedSet<Integer> cores = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            if (!part.matches("[0-9]{1,4}(-[0-9]{1,4})?")) {
                throw new UsageException(
                        option + " " + text + " is wrong; write core numbers such as 0-3,6");
            }
            String[] ends = part.split("-", -1);
            int from = Integer.parseInt(ends[0]);
            int to = Integer.parseInt(ends[ends.length - 1]);
            if (from > to || to >= MAX_CORES) {
                throw new UsageException(
                        option + " " + text + " is wrong; " + part + " is no range of cores");
            }
            for (int core = from; core <= to; core++) {
                cores.add(core);
            }
        }
        return cores;
    }

    /**
     * Reads a mask in hexadecimal such as {@code 0x3} or {@code f}: the numbers of its bits, of
     * ports or of cores.
     *
     * @throws UsageException when it is malformed or 0
     */
    public static SortedSet<Integer> parseMask(String option, String text) {
        String digits = text.replaceFirst("^0[xX]", "");
        if (!digits.matches("[0-9a-fA-F]{1,16}") || digits.matches("0+")) {
            throw new UsageException(
                    option + " " + text + " is wrong; write a hexadecimal mask such as 0x3");
        }
        long mask = Long.parseUnsignedLong(digits, 16);
        SortedSet<Integer> bits = new TreeSet<>();
        for (int bit = 0; bit < Long.SIZE; bit++) {
            if ((mask >>> bit & 1) != 0) {
                bits.add(bit);
            }
        }
        return bits;
    }
}
