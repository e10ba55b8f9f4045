// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.NicPort;
import io.vpmd.spi.hw.nic.VlanSettings;

/** VLAN ids in the table VFTA, 7.1.1.2, and links with double tags, 7.4.5. */
final class IxgbeVlans extends VlanSettings {
    private static final int TYPE_MASK = 0xffff;

    private final Registers regs;

    IxgbeVlans(NicPort port, Registers regs) {
        super(port, regs, VFTA, 1);
        this.regs = regs;
    }

    /** Both directions have the inner type in one place and learn of outer tags in another. */
    @Override
    protected void writeOuterType(int outer) {
        regs.change(VLNCTRL, TYPE_MASK, TAG);
        regs.write(EXVET, (outer == 0 ? TAG : outer) << EXVET_OUTER_SHIFT);
        regs.change(
                DMATXCTL,
                DMATXCTL_GDV | TYPE_MASK << DMATXCTL_VT_SHIFT,
                TAG << DMATXCTL_VT_SHIFT | (outer == 0 ? 0 : DMATXCTL_GDV));
        regs.change(CTRL_EXT, CTRL_EXT_EXTENDED_VLAN, outer == 0 ? 0 : CTRL_EXT_EXTENDED_VLAN);
    }
}
