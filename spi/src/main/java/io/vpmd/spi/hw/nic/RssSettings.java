// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.Rss;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Receive side scaling: the hash and the table that spread packets over queues. */
public final class RssSettings implements Rss {
    private static final int KEY_BYTES = 40;
    /* The key of Microsoft's RSS verification suite: its hashes are published. */
    private static final byte[] VERIFICATION_KEY =
            HexFormat.of()
                    .parseHex(
                            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcb"
                                    + "ae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    // MRQC of the 82576 and 82599 families
    private static final int TCP_IPV4 = 1 << 16;
    private static final int IPV4 = 1 << 17;
    private static final int IPV6 = 1 << 20;
    private static final int TCP_IPV6 = 1 << 21;
    private static final int UDP_IPV4 = 1 << 22;
    private static final int UDP_IPV6 = 1 << 23;

    private final NicPort port;
    private final Registers regs;
    private final Where where;
    private final byte[] key = VERIFICATION_KEY.clone();
    private final int[] table;
    private Set<Hash> hashes = EnumSet.allOf(Hash.class);
    private int queues;
    private boolean wanted;

    /**
     * The registers, four bytes of key or table in each, the first in the lowest bits.
     *
     * @param tables one after the other
     * @param command MRQC
     * @param enable what MRQC holds beside the hashes
     * @param mostQueues that an entry of the table can name
     */
    public record Where(
            Register key, List<Register> tables, Register command, int enable, int mostQueues) {
        public Where {
            tables = List.copyOf(tables);
        }

        private int entries() {
            return 4 * tables.stream().mapToInt(Register::count).sum();
        }
    }

    public RssSettings(NicPort port, Registers regs, Where where) {
        this.port = port;
        this.regs = regs;
        this.where = where;
        this.table = new int[where.entries()];
    }

    /** The port was configured: the table may name no queue that is not there. */
    public void configure(int rxQueues, boolean hashWanted) {
        int reached = Math.min(rxQueues, where.mostQueues());
        boolean same = queues != 0;
        for (int queue : table) {
            same &= queue < reached;
        }
        queues = reached;
        wanted = hashWanted;
        for (int i = 0; !same && i < table.length; i++) {
            table[i] = i % reached;
        }
    }

    /** Writes all that was set. */
    public void apply() {
        for (int i = 0; i < KEY_BYTES; i += 4) {
            int word = 0;
            for (int j = 3; j >= 0; j--) {
                word = word << 8 | (key[i + j] & 0xff);
            }
            regs.write(where.key(), i / 4, word);
        }
        int at = 0;
        for (Register register : where.tables()) {
            for (int i = 0; i < register.count(); i++, at += 4) {
                int low = table[at] | table[at + 1] << 8;
                regs.write(register, i, low | table[at + 2] << 16 | table[at + 3] << 24);
            }
        }
        int types = 0;
        for (Hash hash : hashes) {
            types |= bit(hash);
        }
        regs.write(where.command(), queues > 1 || wanted ? where.enable() | types : 0);
    }

    private static int bit(Hash hash) {
        return switch (hash) {
            case IPV4 -> IPV4;
            case TCP_IPV4 -> TCP_IPV4;
            case UDP_IPV4 -> UDP_IPV4;
            case IPV6 -> IPV6;
            case TCP_IPV6 -> TCP_IPV6;
            case UDP_IPV6 -> UDP_IPV6;
        };
    }

    @Override
    public int keyLength() {
        return KEY_BYTES;
    }

    @Override
    public byte[] key() {
        return port.query("key", key::clone);
    }

    @Override
    public void setKey(byte[] wantedKey) {
        change(
                "setKey",
                () -> {
                    check(
                            wantedKey.length == KEY_BYTES,
                            "setKey",
                            "a key has " + KEY_BYTES + " bytes, not " + wantedKey.length);
                    System.arraycopy(wantedKey, 0, key, 0, KEY_BYTES);
                });
    }

    @Override
    public int tableSize() {
        return table.length;
    }

    @Override
    public int[] table() {
        return port.query("table", table::clone);
    }

    @Override
    public void setTable(int[] wantedTable) {
        change(
                "setTable",
                () -> {
                    check(
                            wantedTable.length == table.length,
                            "setTable",
                            "a table has " + table.length + " entries, not " + wantedTable.length);
                    for (int queue : wantedTable) {
                        check(
                                queue >= 0 && queue < queues,
                                "setTable",
                                "there is no queue " + queue + ", it reaches " + queues);
                    }
                    System.arraycopy(wantedTable, 0, table, 0, table.length);
                });
    }

    @Override
    public Set<Hash> supportedHashes() {
        return Collections.unmodifiableSet(EnumSet.allOf(Hash.class));
    }

    @Override
    public Set<Hash> hashes() {
        return port.query("hashes", () -> EnumSet.copyOf(hashes));
    }

    @Override
    public void setHashes(Set<Hash> wantedHashes) {
        change(
                "setHashes",
                () -> {
                    hashes = EnumSet.noneOf(Hash.class);
                    hashes.addAll(wantedHashes);
                });
    }

    /** Takes a new value, and tells the device once it is configured. */
    private void change(String operation, Runnable taking) {
        port.control(
                operation,
                () -> {
                    taking.run();
                    if (queues > 0) {
                        apply();
                    }
                });
    }

    private void check(boolean right, String operation, String problem) {
        if (!right) {
            throw new PortException(operation, port.name(), problem, "pass one that fits");
        }
    }
}
