// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.DoubleVlan;
import io.vpmd.spi.feature.VlanFilter;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** VLAN ids in the table VFTA, and links with double tags. */
public abstract class VlanSettings implements VlanFilter, DoubleVlan {
    /** The EtherType of an 802.1Q tag. */
    protected static final int TAG = 0x8100;

    private static final int SMALLEST_TYPE = 0x600;

    private final NicPort port;
    private final Registers regs;
    private final Register table;
    private final int writes;
    private final BitSet ids = new BitSet();
    private int outer;

    /**
     * With no id, and single tags.
     *
     * @param writes how often a word of the table has to be written until it is there
     */
    protected VlanSettings(NicPort port, Registers regs, Register table, int writes) {
        this.port = port;
        this.regs = regs;
        this.table = table;
        this.writes = writes;
    }

    /** Writes the type of outer tags, 0 for a link with single ones. */
    protected abstract void writeOuterType(int outer);

    /** Writes all that was set. */
    public final void apply() {
        for (int i = 0; i < table.count(); i++) {
            writeTable(i);
        }
        writeOuterType(outer);
    }

    private void writeTable(int index) {
        int word = 0;
        for (int bit = 0; bit < 32; bit++) {
            word |= ids.get(index * 32 + bit) ? 1 << bit : 0;
        }
        for (int i = 0; i < writes; i++) {
            regs.write(table, index, word);
        }
    }

    @Override
    public final Set<Integer> vlans() {
        return port.query(
                "vlans", () -> ids.stream().boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public final void addVlan(int id) {
        set("addVlan", id, true);
    }

    @Override
    public final void removeVlan(int id) {
        set("removeVlan", id, false);
    }

    private void set(String operation, int id, boolean on) {
        port.control(
                operation,
                () -> {
                    if (id < 0 || id > MAX_ID) {
                        throw new PortException(
                                operation,
                                port.name(),
                                id + " is no VLAN id",
                                "pass one from 0 to " + MAX_ID);
                    }
                    ids.set(id, on);
                    writeTable(id / 32);
                });
    }

    @Override
    public final int outerType() {
        return port.query("outerType", () -> outer);
    }

    @Override
    public final void setOuterType(int etherType) {
        port.control(
                "setOuterType",
                () -> {
                    if (etherType != 0 && (etherType < SMALLEST_TYPE || etherType > 0xffff)) {
                        throw new PortException(
                                "setOuterType",
                                port.name(),
                                etherType + " is no EtherType",
                                "pass 0x88a8, another one up to 0xffff, or 0 for none");
                    }
                    outer = etherType;
                    writeOuterType(outer);
                });
    }
}
