// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.Registers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Registers in the order in which the Linux driver of a device gives them to ethtool. */
public final class EthtoolDump implements RegisterDump {
    private final NicPort port;
    private final Registers regs;
    private final NicCounters counters;
    private final RegisterTable table;
    private final Set<Register> taking;
    private final Format format;

    /**
     * How a Linux driver orders registers.
     *
     * @param name of that driver
     * @param version of its format
     * @param words how many, those 0 that the layout does not name
     * @param layout pairs of a word's number and what is there: a register's offset in hexadecimal,
     *     {@code OFFSET:STRIDE:COUNT} of an array, or the name of a counter, {@code NAME[INDEX]} of
     *     one of an array
     */
    public record Format(String name, int version, int words, String layout) {}

    /**
     * A dump.
     *
     * @param table of {@link #registers}
     * @param taking registers of it which do something when they are read
     */
    public EthtoolDump(
            NicPort port,
            Registers regs,
            NicCounters counters,
            RegisterTable table,
            Set<Register> taking,
            Format format) {
        this.port = port;
        this.regs = regs;
        this.counters = counters;
        this.table = table;
        this.taking = Set.copyOf(taking);
        this.format = format;
    }

    @Override
    public String format() {
        return format.name();
    }

    @Override
    public int version() {
        return format.version();
    }

    @Override
    public byte[] dump() {
        ByteBuffer words = ByteBuffer.allocate(4 * format.words()).order(ByteOrder.LITTLE_ENDIAN);
        port.control("dump", () -> fill(words));
        return words.array();
    }

    private void fill(ByteBuffer words) {
        counters.poll();
        String[] entries = format.layout().strip().split("\\s+", -1);
        for (int i = 0; i < entries.length; i += 2) {
            fill(words, Integer.parseInt(entries[i]), entries[i + 1]);
        }
    }

    private void fill(ByteBuffer words, int word, String what) {
        if (!Character.isDigit(what.charAt(0))) {
            words.putInt(4 * word, (int) counter(what));
            return;
        }
        String[] parts = what.split(":", -1);
        int offset = Integer.parseInt(parts[0], 16);
        int stride = parts.length > 1 ? Integer.parseInt(parts[1], 16) : 0;
        int count = parts.length > 1 ? Integer.parseInt(parts[2]) : 1;
        for (int i = 0; i < count; i++) {
            words.putInt(4 * (word + i), regs.mmio().read(offset + i * stride));
        }
    }

    private long counter(String what) {
        int bracket = what.indexOf('[');
        if (bracket < 0) {
            return counters.sum(what);
        }
        int index = Integer.parseInt(what.substring(bracket + 1, what.length() - 1));
        return counters.sum(what.substring(0, bracket), index);
    }

    @Override
    public Map<String, Integer> registers() {
        Map<String, Integer> all = new LinkedHashMap<>();
        port.control(
                "registers",
                () -> {
                    for (Register r : table.registers().values()) {
                        boolean silent =
                                !taking.contains(r)
                                        && (r.access() == Register.Access.RO
                                                || r.access() == Register.Access.RW);
                        for (int i = 0; silent && i < r.count(); i++) {
                            String name = r.count() == 1 ? r.name() : r.name() + "[" + i + "]";
                            all.put(name, regs.read(r, i));
                        }
                    }
                });
        return all;
    }
}
