// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.igb.IgbChip.Trait;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.VlanSettings;

/** VLAN ids in the table VFTA, 7.1.2.2, and links with double tags, 7.4.5. */
final class IgbVlans extends VlanSettings {
    private static final int ERRATUM_WRITES = 10;

    private final Registers regs;

    IgbVlans(NicPort port, Registers regs, IgbChip chip) {
        super(port, regs, VFTA, writes(chip));
        this.regs = regs;
    }

    /** I350 and I354 erratum: a write to VFTA may be lost, so that each is repeated. */
    private static int writes(IgbChip chip) {
        return chip.has(Trait.VFTA_LOSES) ? ERRATUM_WRITES : 1;
    }

    /** Outer type in the upper half; it counts only with the bit in CTRL_EXT. */
    @Override
    protected void writeOuterType(int outer) {
        regs.write(VET, TAG | (outer == 0 ? TAG : outer) << 16);
        regs.change(CTRL_EXT, CTRL_EXT_EXTENDED_VLAN, outer == 0 ? 0 : CTRL_EXT_EXTENDED_VLAN);
    }
}
