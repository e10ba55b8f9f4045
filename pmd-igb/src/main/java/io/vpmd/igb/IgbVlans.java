// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.DoubleVlan;
import io.vpmd.spi.feature.VlanFilter;
import io.vpmd.spi.hw.Registers;

import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** VLAN ids in the table VFTA, 7.1.2.2, and links with double tags, 7.4.5. */
final class IgbVlans implements VlanFilter, DoubleVlan {
    private static final int TAG = 0x8100;
    private static final int SMALLEST_TYPE = 0x600;
    private static final int ERRATUM_WRITES = 10;

    private final IgbPort port;
    private final Registers regs;
    /* I350 and I354 erratum: a write to VFTA may be lost, so that each is repeated. */
    private final int writes;
    private final BitSet ids = new BitSet();
    private int outer;

    IgbVlans(IgbPort port, Registers regs, IgbChip chip) {
        this.port = port;
        this.regs = regs;
        this.writes = chip == IgbChip.I350 || chip == IgbChip.I354 ? ERRATUM_WRITES : 1;
    }

    /** Writes all that was set. */
    void apply() {
        for (int i = 0; i < VFTA.count(); i++) {
            writeTable(i);
        }
        writeTypes();
    }

    private void writeTable(int index) {
        int word = 0;
        for (int bit = 0; bit < 32; bit++) {
            word |= ids.get(index * 32 + bit) ? 1 << bit : 0;
        }
        for (int i = 0; i < writes; i++) {
            regs.write(VFTA, index, word);
        }
    }

    /** Outer type in the upper half; it counts only with the bit in CTRL_EXT. */
    private void writeTypes() {
        regs.write(VET, TAG | (outer == 0 ? TAG : outer) << 16);
        regs.change(CTRL_EXT, CTRL_EXT_EXTENDED_VLAN, outer == 0 ? 0 : CTRL_EXT_EXTENDED_VLAN);
    }

    @Override
    public Set<Integer> vlans() {
        return port.query(
                "vlans", () -> ids.stream().boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public void addVlan(int id) {
        set("addVlan", id, true);
    }

    @Override
    public void removeVlan(int id) {
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
    public int outerType() {
        return port.query("outerType", () -> outer);
    }

    @Override
    public void setOuterType(int etherType) {
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
                    writeTypes();
                });
    }
}
