// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.Rss;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Receive side scaling, 7.1.2.8: the hash and the table that spread packets over queues. */
final class IgbRss implements Rss {
    private static final int KEY_BYTES = 40;
    private static final int ENTRIES = 128;
    /* The key of Microsoft's RSS verification suite: its hashes are published. */
    private static final byte[] VERIFICATION_KEY =
            HexFormat.of()
                    .parseHex(
                            "6d5a56da255b0ec24167253d43a38fb0d0ca2bcb"
                                    + "ae7b30b477cb2da38030f20c6a42b73bbeac01fa");

    private final IgbPort port;
    private final Registers regs;
    private final byte[] key = VERIFICATION_KEY.clone();
    private final int[] table = new int[ENTRIES];
    private Set<Hash> hashes = EnumSet.allOf(Hash.class);
    private int queues;
    private boolean wanted;

    IgbRss(IgbPort port, Registers regs) {
        this.port = port;
        this.regs = regs;
    }

    /** The port was configured: the table may name no queue that is not there. */
    void configure(int rxQueues, boolean hashWanted) {
        boolean same = queues != 0;
        for (int queue : table) {
            same &= queue < rxQueues;
        }
        queues = rxQueues;
        wanted = hashWanted;
        for (int i = 0; !same && i < ENTRIES; i++) {
            table[i] = i % rxQueues;
        }
    }

    /** Writes all that was set. */
    void apply() {
        writeBytes(RSSRK, KEY_BYTES, i -> key[i]);
        writeBytes(RETA, ENTRIES, i -> table[i]);
        int types = 0;
        for (Hash hash : hashes) {
            types |= bit(hash);
        }
        regs.write(MRQC, queues > 1 || wanted ? MRQC_RSS | types : 0);
    }

    /** Writes bytes to registers of four each, the first in the lowest bits. */
    private void writeBytes(Register register, int count, IntUnaryOperator bytes) {
        for (int i = 0; i < count; i += 4) {
            int value = 0;
            for (int j = 3; j >= 0; j--) {
                value = value << 8 | (bytes.applyAsInt(i + j) & 0xff);
            }
            regs.write(register, i / 4, value);
        }
    }

    private static int bit(Hash hash) {
        return switch (hash) {
            case IPV4 -> MRQC_IPV4;
            case TCP_IPV4 -> MRQC_TCP_IPV4;
            case UDP_IPV4 -> MRQC_UDP_IPV4;
            case IPV6 -> MRQC_IPV6;
            case TCP_IPV6 -> MRQC_TCP_IPV6;
            case UDP_IPV6 -> MRQC_UDP_IPV6;
        };
    }

    @Override
    public int keyLength() {
        return KEY_BYTES;
    }

    @Override
    public byte[] key() {
        return port.query("key", () -> key.clone());
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
        return ENTRIES;
    }

    @Override
    public int[] table() {
        return port.query("table", () -> table.clone());
    }

    @Override
    public void setTable(int[] wantedTable) {
        change(
                "setTable",
                () -> {
                    check(
                            wantedTable.length == ENTRIES,
                            "setTable",
                            "a table has " + ENTRIES + " entries, not " + wantedTable.length);
                    for (int queue : wantedTable) {
                        check(
                                queue >= 0 && queue < queues,
                                "setTable",
                                "there is no queue " + queue + ", " + queues + " are configured");
                    }
                    System.arraycopy(wantedTable, 0, table, 0, ENTRIES);
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
